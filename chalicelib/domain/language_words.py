"""The small words that tell languages in one script apart: each language's most frequent ones, and how people greet.

A word may stand in several lists: it then says less. Beside them, letters that few languages have.
"""

from typing import Final

LATIN: Final = {
    "en": "the be to of and a in that have i it for not on with he as you do at this but his by from they we "
    "say her she or an will my one all would there their what so up out if about who get which go me when "
    "make can like no just him know take into your some could them see other than then now only its over "
    "also how our well even want because any these us is are was were been has had did does i'm i've "
    "don't can't didn't isn't it's please thanks thank hello hi hey dear regards yes sorry where why "
    "still never here very too order need help received bought after again before being between both "
    "cannot each every few found more most much must nothing problem refund same should since something "
    "such through today tomorrow until used using week while whole yesterday yet you're i'd won't doesn't "
    "couldn't haven't invoice package parcel delivery",
    "de": "der die das und ist in den von zu mit sich des auf für nicht ein eine einen einem einer als auch es "
    "an werden aus er hat dass sie nach wird bei um am sind noch wie im über so zum kann nur ihr ihre "
    "ihren aber vor zur bis mehr durch man sein wurde sei haben oder ich wir mich mir uns mein meine "
    "meinen meiner bitte danke vielen dank hallo guten tag morgen abend liebe grüße grüssen freundlichen "
    "herr frau sehr geehrte habe leider schon wenn wo was wann warum kein keine keinen jetzt diese dieser "
    "dieses ihnen gibt immer wieder bestellung zwischen ohne weil während gestern heute woche tage paket "
    "lieferung rechnung rückerstattung problem euch euer unser unsere ihrer ihrem jeder jede andere "
    "anderen alle alles etwas nichts niemand muss müssen soll sollte könnten würde würden möchte wurden "
    "doch dann also etwa seit",
    "fr": "le la les de des du un une et est en que qui dans pour pas au aux sur ce cette ces il elle ils nous "
    "vous je j'ai ne se sont par plus avec son sa ses mais comme ou où été être avoir fait faire tout "
    "très bien votre vos notre nos mon ma mes leur si y a ai c'est n'est d'un d'une l'on qu'il quand "
    "encore aussi sans peut bonjour merci bonsoir madame monsieur cordialement svp s'il plaît toujours "
    "depuis commande reçu colis salut avez avons suis êtes déjà après avant pourquoi comment rien jamais "
    "donc chez deux cela celui celle dont entre afin vers lors ainsi elles l'article n'ai n'a j'aimerais "
    "voudrais souhaite aucun aucune autre autres même mêmes moins toute toutes seulement doit doivent "
    "peuvent était avait sera aujourd'hui hier semaine jour jours livraison facture remboursement "
    "problème",
    "es": "el la los las de del y en que un una es por con para se no su sus al lo como más pero le ya o este "
    "esta esto sí porque cuando muy sin sobre también me hasta hay donde quien desde todo nos durante "
    "todos uno les ni contra otros ese eso ante ellos mi mis tengo tiene hola gracias buenos días buenas "
    "tardes estimado estimada saludos atentamente señor señora favor usted ustedes está están estoy he ha "
    "han sido fue son soy pedido aún todavía recibido nada puedo puede quiero ayuda cómo qué cuándo dónde "
    "hace nunca cual cuales sea sólo solo hacer tener debe deben otra otras otro cada mismo misma tan "
    "tanto antes después entonces ahora aquí ayer hoy semana día envío factura reembolso problema tampoco "
    "alguien ningún ninguna gustaría necesito podrían pueden hemos había siguiente nuestra nuestro",
    "pt": "o a os as de do da dos das e em que um uma é com não para por se na no nas nos mais como mas foi ao "
    "ele ela eles tem à seu sua ou ser quando muito há já está eu também só pelo pela até isso entre era "
    "depois sem mesmo aos ter seus quem me esse essa num meu minha meus minhas olá obrigado obrigada bom "
    "dia boa tarde noite cumprimentos atenciosamente senhor senhora você vocês estou tenho são estão "
    "pedido ainda recebi nada posso quero ajuda onde porque favor gostaria encomenda nunca fazer isto "
    "desde qual quais seja sejam deve devem outra outras outro cada mesma tanto antes então agora aqui "
    "ontem hoje semana dias envio fatura reembolso problema nem alguém nenhum nenhuma preciso poderiam "
    "podem temos havia vossa nossa nosso pelos pelas numa deste desta foram uns",
    "it": "il lo la i gli le di del della dei delle e è in che un una uno per con non si su da dal dalla al "
    "alla nel nella come ma più anche sono ha ho hanno questo questa questi queste se ci mi ti vi ne o "
    "quando molto dove chi tutto tutti fatto stato essere avere suo sua mio mia loro già ancora solo "
    "perché cosa così buongiorno buonasera grazie salve ciao saluti cordiali gentile distinti signore "
    "signora prego favore vorrei ordine ricevuto niente posso può sempre mai dopo prima oggi ieri nostro "
    "vostro quale degli dagli dalle negli sugli sul sulla agli alle ogni altro altra altri altre deve "
    "devono oppure quindi allora adesso ora qui settimana giorno giorni spedizione fattura rimborso "
    "problema nessuno nessuna alcuni abbiamo avete hai siamo siete era erano bene vostra nostra vuole "
    "puoi",
    "nl": "de het een en van in is dat op te zijn met voor niet die aan er maar om ook als dan bij nog uit door "
    "naar heeft hebben had wordt worden ik je jij u uw hij zij we wij ze mijn ons onze kan kunnen zou wat "
    "wie waar wanneer waarom hoe geen wel al dit deze over tot meer want hallo bedankt dank goedemorgen "
    "goedemiddag goedendag beste geachte groet groeten vriendelijke mevrouw meneer heer alstublieft graag "
    "heb bestelling ontvangen nooit altijd nu hier daar iets niets moet wil weet ben bent was waren gaat "
    "sinds moeten zullen alleen andere ander iemand niemand elke zelf zelfde tussen zonder omdat terwijl "
    "gisteren vandaag morgen week dag dagen pakket levering factuur terugbetaling probleem jullie hun "
    "haar echter nieuwe maken gaan komen staan",
    "pl": "w i z na do się nie jest że to o jak co od za po dla przez ale czy tak był była było są ma mam być "
    "który która które tego tej tym już tylko jeszcze może bardzo przy jej jego ich ten ta te oraz lub "
    "gdy kiedy gdzie ja mi mnie moje moja mój pan pani państwo dzień dobry witam dziękuję dziękuje "
    "pozdrawiam proszę cześć szanowni zamówienie nadal nic mogę można dlaczego jestem mamy nas nam was "
    "wam chciałbym chciałabym otrzymałem wciąż ponieważ więc bo żeby ze we u",
    "sv": "och att det i en som på är av för med den till inte har om ett jag de var vi han från men så kan när "
    "skulle man ut upp sig eller nu hade efter då vad mycket hon där vara här under över vid mig min mitt "
    "mina du dig din ditt er era hej tack vänliga hälsningar mvh god morgon dag snälla varför hur ingen "
    "inget alltid aldrig beställning fått också kommer vill ska måste bara utan någon något detta denna "
    "dessa vår våra blir blev finns sedan mer mest igen mellan haft gör går få vilken vilket deras sådan "
    "alltså kanske medan eftersom paket levererat pengar tillbaka svar fråga angående faktura tyvärr idag "
    "alla andra inom sen samma själv allt",
    "da": "og i at det en den til er som på de med han af for ikke der var mig sig men et har om vi min havde "
    "ham hun nu over da fra du ud sin dem os op man hans hvor eller hvad skal selv her alle vil blev "
    "kunne når jeg være dog noget hej tak venlig venlige hilsen hilsner mvh god dag goddag hvorfor "
    "hvornår hvordan ingen aldrig altid ordre bestilling modtaget kære kan må mit mine dit jeres også "
    "efter ved bliver siden endnu stadig gerne mange nogen nogle dig været meget igen mellem uden skulle "
    "haft gør går få fået hvilken hvilket denne dette disse deres vores sådan altså måske mens fordi kun "
    "bare pakke leveret penge tilbage svar spørgsmål vedrørende faktura desværre",
    "no": "å vennligst velge flere mulighet og i det på som er en til for av at med den de har ikke jeg et om "
    "var han men fra vi kan seg hadde så da ble eller hun ut opp nå meg når skal min mitt mine deg din "
    "dere hva hvor hvem hvorfor hvordan være etter over ved bare også noe noen ingen aldri alltid hei "
    "takk hilsen vennlig mvh god dag bestilling ordre mottatt kjære fikk gjerne mange sin ditt deres "
    "kunne skulle ville må blir siden fortsatt ennå hos vært mye igjen mellom uten hatt gjør går få fått "
    "hvilken hvilket denne dette disse våre slik altså kanskje mens fordi kun pakke levert penger tilbake "
    "svar spørsmål angående faktura dessverre sendt gjelder",
    "fi": "ja on ei se että en hän mutta ole oli minä tämä niin kuin mitä mikä minun sinun sen kun jos vain "
    "myös voi nyt sitten olen olet ovat joka jotka tai vielä missä miksi miten milloin hei moi terve "
    "kiitos kiitoksia terveisin ystävällisin hyvää päivää tilaus tilaukseni tilauksen saanut saapunut "
    "haluan voisitteko olisi minulla meillä teidän emme eivät ettei kanssa mukaan jälkeen ennen aina "
    "koskaan mitään kaikki hyvin sekä sitä siitä tästä tämän näin siis koska jotta olla ollut tulee tulla "
    "pitää täytyy saa saada sinä te he meidän heidän paketti lasku rahat takaisin vastaus kysymys tänään "
    "eilen viikko päivä kiitän osoite numero",
    "cs": "a je se v na že to s z o do i k jako za ale by po co který která které jsem jsou si ve pro od už tak "
    "nebo při jen až kde když není byl byla bylo být mám máte mi mě můj moje vás vám váš dobrý den děkuji "
    "díky prosím pozdravem zdravím ahoj objednávka objednávku ještě proč jak nic můžete mohu bych jste "
    "nám nás však také tento tato toto dnes stále",
    "tr": "ve bir bu da de için ile ne çok daha o var ben gibi sonra kadar olarak ama en mi mu mı değil olan "
    "her şey ki siz biz benim sizin bana size nasıl neden niye nerede zaman merhaba selam teşekkürler "
    "teşekkür ederim lütfen sayın saygılarımla iyi günler sipariş siparişim hala henüz yok istiyorum "
    "geldi gelmedi oldu oldum bunu şu veya ya ise diye",
    "ro": "și de în la a cu pe nu un o este că pentru care din mai ce să se au am fi sunt dar sau ca după fost "
    "prin până când unde vă mă îmi meu mea dvs bună ziua mulțumesc mulțumim salut stimate stimă vreau "
    "comanda comandă primit încă nimic pot poate acest această acum foarte doar despre fără",
    "hu": "a az és hogy nem is egy ez van volt de csak már meg még mint ha vagy én ő mi ti ők el ki be fel le "
    "jó köszönöm köszönettel üdvözlettel tisztelt kedves szia helló kérem rendelés rendelésem hol mikor "
    "miért hogyan mert nincs kell lehet lesz volna minden semmi után azt ezt nekem önök önöknek",
    "id": "yang dan di ini itu dengan untuk tidak dari dalam akan pada juga saya ke karena tersebut bisa ada "
    "mereka lebih kami sudah atau saat oleh kita anda dia belum sangat terima kasih mohon tolong halo "
    "selamat pagi siang malam pesanan bagaimana mengapa kapan dimana apakah adalah bukan masih hari",
    "vi": "và của là có không được cho trong một với này những người tôi đã các khi đến để từ cũng như nhưng ra "
    "vì còn anh chị em bạn xin chào cảm ơn vui lòng đơn hàng chưa nhận giúp gì ở đâu sao rất nhiều hôm "
    "nay sẽ đang",
    "ca": "el la els les de i que en un una és per amb no es al del com més però ho si ha han aquest aquesta "
    "quan molt també on jo meu meva bon dia gràcies hola salutacions comanda encara rebut res puc vull "
    "perquè són està estic us dels vaig fer sense fins aquests aquestes aquell hem heu aquí així doncs "
    "després abans ara avui ahir setmana dies enviament factura reemborsament problema ningú cap algun "
    "alguna plau nostre vostre seu seva seus meus ser tenir pot poden cada mateix",
}
LATIN_LETTERS: Final = {
    "de": "äöüß",
    "fr": "éèêëàâçîïôûùœ",
    "es": "ñ¿¡áéíóú",
    "pt": "ãõçáâêéíóú",
    "it": "àèìòù",
    "pl": "ąćęłńśźżó",
    "sv": "åäö",
    "da": "æøå",
    "no": "æøå",
    "fi": "äö",
    "cs": "ěščřžýáíéůúťďň",
    "tr": "ğışçöü",
    "ro": "ășțâîşţ",
    "hu": "őűáéíóúöü",
    "vi": "ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệịỉĩọỏốồổỗộớờởỡợụủũứừửữựỳỵỷỹ",
    "ca": "àçèéíïòóúü",
}
CYRILLIC: Final = {
    "ru": "и в не на я что он с как это по но к у из за от о же вы так бы мы все она они его до или если уже "
    "когда ещё еще мой моя мне меня вас вам ваш где почему чтобы есть был была было быть только очень "
    "здравствуйте привет спасибо добрый день пожалуйста уважением заказ получил нет да для при этот эта "
    "сейчас нужно могу",
    "uk": "і в не на я що він з як це по але до у із за від о ж ви так би ми всі вона вони його або якщо вже "
    "коли ще мій моя мені мене вас вам ваш де чому щоб є був була було бути тільки дуже вітаю привіт "
    "дякую добрий день ласка повагою замовлення отримав немає та для при цей ця зараз треба можу",
    "bg": "и в не на аз че той с как това по но към от за до са се ли ви така би ние всички тя те му или ако "
    "вече когато още мой моя ми мен вас вам ваш къде защо да е беше съм само много здравейте здравей "
    "благодаря добър ден моля поздрави поръчка получих няма този тази сега трябва мога",
}
CYRILLIC_LETTERS: Final = {"ru": "ыэё", "uk": "іїєґ", "bg": "ъщ"}
