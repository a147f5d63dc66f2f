"""The words in which mail servers say why they did not take a mail, by reason, in the order in which they count.

What is written for people is matched in lower case, with single spaces. Every gap within an expression is bounded.
"""

import re
from typing import Final

from chalicelib.domain.bounce import BounceReason

_R = BounceReason


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_SOMEBODY = (
    r"(?:user|recipient|mailbox|mail ?box|account|e-?mail|address(?:ee)?|e-?mail address|local[- ]?part|alias|person|"
    r"destination|rcpt|receiver|forward-path|username)"
)
_UNKNOWN_USER = _words(
    r"\b"
    + _SOMEBODY
    + r"(?:\(?e?s\)?)?\b[^:;!?]{0,70}?(?:\bunknown\b|\bnot (?:known|found|exists?\b|present|listed|recogni[sz]ed|"
    r"ok\b|a valid|valid|active\b|local|registered)|n[o']t exist|\bnon-?exist|no longer (?:exist|valid|active|"
    r"in use|available|accepts|on server|here)|\bwas not found|\binvalid\b|n[o']t have an? |missing home)",
    r"\b(?:unknown|no such|invalid|bad|non-?existe?nt|unrecogni[sz]ed|undeliverable|incorrect|wrong)(?: \w{1,12})?"
    r"[ -](?:or \w{1,12} )?(?:virtual |local |envelope |destination |mail |e-?mail )?" + _SOMEBODY + r"\b",
    "recipient address rejected: access denied|requested action not taken: mailbox unavailable|"
    r"check if (?:the )?address is correct|\bno (?:mail ?box|account|user|such|one)\b.{0,40}\b(?:here|at this|"
    "by that name|available|found|name)",
    r"\bnot (?:a|our|an?y?)? ?(?:known|valid|local|our|active|existing)? ?(?:user|customer|recipient|mailbox|member)\b",
    r"is not a? ?(?:valid|known|active|local) ?(?:mailbox|user|address|recipient|account)",
    r"<[^<>]{1,100}>\W{0,8}(?:not found|unknown|user unknown|does(?: not|n't) exist)",
    r"\bdoes(?: not|n't) (?:exist at|have an? (?:\S{1,40} )?(?:account|mailbox))|did not match any (?:user|recipient)",
    r"no valid recipients?\b|validrcptto|badrcptto|badrecipientto|recip(?:ient)?\.?notfound|user.?notfound",
    r"not (?:listed|in) (?:in )?(?:the |our |my )?(?:\S{1,30} )?(?:directory|address book|recipient table|"
    "name directory)",
    r"no .{1,80} in name directory|(?:address|recipient)(?:es)? (?:couldn't|could not) be found|access\.denied|"
    "550 address|final delivery userid|no thank you rejected: account unavailable|"
    "could not be delivered to .{0,60}unknown",
    r"utilisateur inconnu|destinataire(?:s)? (?:inconnu|invalide)|adresse .{0,40}(?:invalide|inexistante)",
    r"usuario (?:desconocido|inexistente)|no existe (?:es[ea]|dich[ao]|el|la)|usuário (?:desconhecido|inexistente)|"
    r"utente (?:sconosciuto|inesistente)|nessun utente|(?:caixa|conta|endereço).{0,30}não existe",
    "(?:empfänger|benutzer|adresse|postfach).{0,40}(?:unbekannt|existiert nicht|nicht gefunden)|"
    "unbekannter (?:benutzer|empf)",
    r"gebruiker onbekend|onbekende gebruiker|nieznany (?:użytkownik|adresat)|okänd (?:användare|mottagare)|"
    r"нет такого пользователя|пользователь .{0,40}не (?:найден|существует)|ящик .{0,30}не существует|несуществующ",
    r"(?:用户|用戶|收件人|邮箱|郵箱|地址|帐号|账号).{0,16}(?:不存在|未找到|找不到|无效)|查无此人",
    r"(?:ユーザー?|宛先|アドレス|受信者|メールボックス).{0,24}(?:存在しま|存在しない|見つか|不明)|ディレクトリ.{0,6}(?:リストにありません|見つかりません)",
)
_UNKNOWN_HOST = _words(
    r"\b(?:host|domain|domain name|mx)\b.{0,40}?\b(?:not found|unknown|n[o']t exist|could not be found|"
    r"must exist|not reachable|n[o']t have (?:any )?(?:valid )?mx)",
    r"\b(?:unknown|no such|invalid|bad|non-?existent|illegal) (?:mail |recipient |destination )?(?:host|domain)\b",
    "name or service not known|nxdomain|unroute?able (?:mail |e-?mail )?(?:address|domain)|"
    "no route to (?:domain|host name)|name service error|couldn't find any host|can'?t find (?:the )?(?:host|"
    "domain)|lookup (?:failed|failure)|domain .{0,60}(?:isn't|is not) (?:valid|registered)|域名不存在|未找到.{0,8}域|"
    "domain unbekannt",
)
_MAILBOX_FULL = _words(
    r"(?:mail ?box|user|account|recipient|storage|inbox|disk|size|space|maildir|mail ?quota).{0,60}?\b(?:is |"
    "are )?(?:(?<!mail system )full|over ?quota|over ?(?:its |the |their )?(?:disk )?(?:quota|limit|storage)|"
    r"out of (?:storage|space)|exceed\w* (?:\w+ ){0,4}(?:quota|storage|allowed size|limit on|disk|space|"
    "mailbox))",
    r"\b(?:over|exceed\w*|out of|no|insufficient|not enough|low)\b.{0,30}?\b(?:quota|storage|disk space|"
    "mailbox (?:space|size))",
    r"quota.{0,30}?(?:exceed|full|violat|reached|limit)|mail ?box ?full|(?:is|too) full\b|overquota|"
    r"exceed\w* .{0,30}quota|too much mail data|not enough (?:storage|space)|too many messages (?:in|"
    "on) (?:this )?(?:mailbox|folder)",
    r"quotaexceeded|maildirsize|exceededstorage|mailbox .{0,30}(?:is )?oversize|size limit exceeded.{0,20}mailbox",
    r"(?:邮箱|郵箱|容量|空间|信箱).{0,12}(?:已满|已滿|不足|超过|超限)|空き容量|容量.{0,12}(?:超|不足)|いっぱい|postfach.{0,20}voll|"
    r"boîte .{0,30}pleine|casella .{0,20}piena|buzón .{0,20}lleno|caixa .{0,20}cheia|переполнен|skrzynka .{0,20}pełna",
)
_MAILBOX_DISABLED = _words(
    r"(?:user|account|mail ?box|recipient|address|e-?mail|domain|member|\S@\S{3,80})\W.{0,60}?\b(?:disabled|"
    "suspended|deactivated|inactive|not active|blocked by admin|locked|frozen|discontinued|terminated|archived|"
    "temporarily unavailable|expired|dormant|closed)",
    r"\b(?:disabled|suspended|deactivated|inactive|archived|frozen|locked|expired) (?:user|account|mail ?box|"
    "recipient|address)",
    "suspend the service|due to (?:extended )?inactivity|destinataire archive|user terminated|账户.{0,8}(?:冻结|停用|"
    "禁用)|已停用|gesperrt",
)
_MOVED = _words(
    r"has (?:been replaced|moved|changed)\b.{0,30}(?:by|to|address)?|no longer with (?:us|the company)|"
    r"new (?:e-?mail )?address is|(?:address|mailbox|user|domain) (?:has )?(?:changed|moved)|\bmoved to\b|"
    "forward(?:ing)? address|user not local.{0,30}please try"
)
_TAKES_NO_MAIL = _words(
    "(?:host|domain|server).{0,40}(?:does not|doesn't|never) (?:accept|receive|handle|"
    "support) (?:any )?(?:e-?)?mail|null ?mx|no smtp service|mail receiving disabled|"
    "mail receiving is disabled|no mx record found|does not accept mail|no route for current request|"
    r"host not found.{0,8}name server: \.|smtp protocol returned a permanent error|recipient address has null mx"
)
_TOO_LARGE = _words(
    r"(?:message|mail|e-?mail|size|content|data|attachment)s?\b.{0,40}?(?:too (?:big|large|long)|"
    r"exceed\w* (?:the |a |an )?(?:\w+ ){0,3}(?:size|limit|maximum)|size (?:limit )?exceed|larger than|"
    "over the (?:maximum|size))",
    r"(?:maximum|max|fixed|allowed|permitted) (?:\w+ )?(?:message|mail|e-?mail) ?size|(?:message|mail) (?:size|"
    r"length) (?:exceed|limit|too)|5\.3\.4|exceeds the size limit|邮件.{0,8}(?:过大|太大|超)|サイズ.{0,12}(?:超|大き)|"
    "exceeded .{0,30}message size",
)
_VIRUS = _words(
    r"\bvirus|\bmalware|\bmalicious (?:content|code|attachment|file)|\binfected|\bworm\b|phish|trojan|wurm|ウイルス|"
    "ウィルス|病毒|вирус"
)
_AUTHENTICATION = _words(
    r"\bdmarc\b|\bdkim\b|\bspf\b|sender policy framework|sender id\b.{0,30}fail|domainkeys?|"
    "must pass .{0,30}authentication|unauthenticated (?:mail|e-?mail|sender)|not authenticated|"
    "authentication (?:check|result|fail)|pass (?:either )?spf"
)
_SPAM = _words(
    r"\bspam|\bbulk (?:mail|message)|unsolicited|\bjunk\b|spamassassin|score .{0,30}(?:exceed|over|too)|"
    r"content (?:rejected|filter|violation)|uce\b|advertis|blocked using .{0,40}(?:spam|body)|垃圾邮件|"
    "迷惑メール|スパム|"
    "спам|high probability of|message looks like|considered (?:as )?unwanted"
)
_REPUTATION = _words(
    r"\b(?:dnsbl|rbl|blacklist|blocklist|block list|black list|blocked list|blacklisted|blocklisted|spamhaus|"
    "spamcop|sorbs|barracuda|cloudmark|senderbase|reputation|denylist|deny list|poor rep)",
    r"\b(?:client host|your (?:host|ip|server|network|mail server)|ip address|\bip\b|ips|host|connecting|"
    r"sending (?:ip|mta|server)|connections? (?:from|"
    r"not))s?\b.{0,60}?\b(?:rejected|blocked|banned|refused|denied|listed|"
    "not allowed|has been temporarily|dropped)",
    r"reverse dns|\bptr\b|\brdns\b|reverse (?:lookup|hostname|mapping|address)|cannot find your (?:hostname|"
    "reverse)|unresolvable (?:client|relay)|dynamic (?:ip|host|address|pool)|residential|generic (?:hostname|"
    "rdns)|bad helo|helo (?:command )?(?:rejected|invalid)|(?:invalid|bad|illegal|forged) helo|"
    "no matches to nameserver query|blocked by the recipient'?s? ?server|access denied, traffic not accepted|"
    "banned sending ip|your access to this mail system has been rejected",
)
_SENDER_REFUSED = _words(
    r"\bsender\b.{0,60}?\b(?:rejected|refused|denied|blocked|invalid|verif|not (?:allowed|found|exist|valid|"
    "pre-?approved|exists)|unknown|banned|black|does(?: not|n't) (?:exist|resolve)|domain (?:is|must|not)|"
    "is spammer|unauthori[sz]ed|listed)",
    "(?:invalid|bad|bogus|unknown|null|empty|blocked|rejected|"
    "unroute?able) (?:e-?mail )?(?:envelope )?(?:sender|mail from|return[- ]path|from)",
    r"mail from\b.{0,40}(?:not|denied|rejected|refused|invalid|must)|batv\b|domain of sender|"
    "returned mail not accepted|no third-party dsns|address you (?:are sending|sent) from|not (?:allowed|"
    "permitted|authori[sz]ed) to (?:send|post|write)|isn't on the recipient'?s? ?list|"
    r"e-?mail address is not verified|not verified\. the following|from: domain|list of senders|you (?:are|"
    "have been) (?:not allowed|blocked|blacklisted)",
)
_RELAYING = _words(
    r"\brelay(?:ing)?\b.{0,40}?(?:denied|not (?:permitted|allowed|authori[sz]ed)|prohibited|disallowed|rejected|"
    "access|attempt|fail|operation)|(?:unable|not allowed|not permitted|refuse[sd]?|cannot|can't|we do not|"
    r"not) to? ?(?:\w+ )?relay|rcpthosts|not a (?:gateway|relay)|insecure mail relay|no relaying|"
    "is (?:currently )?not permitted to relay|relay(?:ing)? (?:not|access)|no sirve para|we don't (?:handle|"
    "accept) mail for|not (?:a )?local (?:host|domain)|does not handle mail for|"
    "mail server requires authentication"
)
_FILTERED = _words(
    r"550:? ?: user unknown|(?:recipient|user|customer|subscriber)s?\b.{0,40}?\b(?:preferences|rules?|refuses?|"
    "reject(?:s|ed)? (?:this|your|the) (?:mail|message)|only accept|has blocked|is only accepting|settings)|"
    "user reject|restricted sms|notauthorized|only accepting mail from|is not accepting (?:any )?mail|"
    "you have been blocked by|due to user|because the recipient is only|protected by|"
    "受信拒否|拒否されました|設定により|"
    "refus[eé] par l|bounced address|指定受信|拒收|收件人拒绝"
)
_POLICY = _words(
    r"\bpolicy|policies|\bprohibited|not (?:allowed|permitted|acceptable) (?:by|due|for|here|to)|administrative|"
    r"denied by|content (?:not|is not) (?:allowed|acceptable)|security (?:policy|reason|check)|rfc ?[25]\d{3}|"
    "not rfc|non-?compliant|violat|restricted|forbidden|you must (?:use|issue|authenticate)|"
    "tls (?:is )?required|encryption (?:is )?required|starttls|certificate|authentication (?:is )?required|"
    "executable|file ?types?|attachment|duplicate header|multiple from"
)
_THROTTLED = _words(
    r"too (?:many|much) (?:\w+ ){0,3}(?:connection|message|mail|e-?mail|recipient|session|error|request|"
    r"concurrent|bad command|sender|smtp)|\brate\b.{0,30}(?:limit|exceed|control)|(?:limit|quota).{0,30}(?:per|"
    "hour|minute|day|rate)|throttl|grey-?list|gr[ae]ylist|deferred due to|unusual rate|"
    "receiving mail (?:too quickly|at a rate)|max(?:imum)? (?:number of )?(?:sending|daily|connection|"
    r"recipient)|try again later.{0,20}rate|\brate[- ]?limit|too fast|connection rate"
)
_EXPIRED = _words(
    "retry time (?:not reached|limit|out)|retry timeout|(?:delivery|message|queue|transmission|mail|"
    r"it).{0,30}(?:time ?(?:limit|out|d out)|expired|too long|lifetime)|\bexpired\b|timed out|time-?out|"
    "could not be delivered for|has not been delivered|not (?:yet )?been delivered|has been (?:in the queue|"
    "delayed|frozen|on the queue)|delivery (?:delayed|time)|delayed|giving up|been in the queue|"
    "been failing for|will (?:be retried|keep trying|continue to (?:try|retry))|still trying|undelivered after|"
    "could not send message for past|no mail servers? .{0,40}reached|期限|延迟|遅延"
)
_NAME_SERVER = _words(
    "name service error.{0,80}(?:malformed|try again|timed out|refused|server failure|servfail)|"
    "host not found, try again|temporary (?:lookup|dns)"
)
_NETWORK = _words(
    "connection (?:refused|reset|lost|dropped|closed|failed|error|was|timed)|lost connection|no route to host|"
    "network (?:is )?unreachable|unable to (?:connect|contact)|(?:can'?t|cannot|could not|couldn't|"
    "failed to) (?:connect|establish|contact|reach|open)|connect(?:ion)? (?:to|failed|error)|mail loop|"
    "routing loop|too many (?:hops|received)|hop count|loops? (?:back|detected)|looping|dns (?:error|fail|"
    "problem|server|query|lookup)|(?:host|domain) (?:name )?(?:lookup|resolution)|unreachable|no answer from|"
    "servfail|temporary (?:lookup|dns|resolver)|all relevant mx records|no host found|mx (?:points|"
    r"record).{0,40}|couldn't (?:find|get) (?:any )?mx|loop detected|maximum hop|接続|连接失败|resolver\.rst|"
    "retry count exceeded"
)
_CONTENT = _words(
    "mime|header (?:error|is|too|syntax|line)|improper use of 8-bit|8-?bit|charset|character set|media (?:type|"
    "error)|conversion|bare (?:lf|cr)|malformed|smtputf8|non-?ascii|message (?:header|content|format)|"
    "improperly formatted"
)
_SYSTEM = _words(
    "(?:local|system|configuration|internal|server|processing|software|temporary local) (?:error|problem|"
    "failure|misconfig|config|fault|unavailable)|service (?:unavailable|not available|is temporarily)|"
    "can'?t create|cannot create|unable to (?:open|create|write|deliver|run|chdir)|out of memory|i/o error|"
    "insufficient system|no space left|disk full|permission denied|mail system full|exit(?:ed)? (?:status|with|"
    "code)|procmail|maildrop|dovecot|pipe|command (?:died|failed|time|not|unknown)|internal|mailer|exception|"
    "try again later|syntax error|unimplemented|transaction failed|ldap|database|not configured|temporar(?:y|"
    "ily)"
)

REASONS_IN_ORDER: Final = (
    (_R.NETWORK, _NAME_SERVER),
    (_R.TAKES_NO_MAIL, _TAKES_NO_MAIL),
    (_R.MAILBOX_FULL, _MAILBOX_FULL),
    (_R.TOO_LARGE, _TOO_LARGE),
    (_R.AUTHENTICATION, _AUTHENTICATION),
    (_R.VIRUS, _VIRUS),
    (_R.RELAYING, _RELAYING),
    (_R.SENDER_REFUSED, _SENDER_REFUSED),
    (_R.MAILBOX_DISABLED, _MAILBOX_DISABLED),
    (_R.MOVED, _MOVED),
    (_R.UNKNOWN_HOST, _UNKNOWN_HOST),
    (_R.FILTERED, _FILTERED),
    (_R.UNKNOWN_USER, _UNKNOWN_USER),
    (_R.REPUTATION, _REPUTATION),
    (_R.SPAM, _SPAM),
    (_R.THROTTLED, _THROTTLED),
    (_R.POLICY, _POLICY),
    (_R.NETWORK, _NETWORK),
    (_R.EXPIRED, _EXPIRED),
    (_R.CONTENT, _CONTENT),
    (_R.SYSTEM, _SYSTEM),
)
