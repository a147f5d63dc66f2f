"""The chat box's addresses, as rows of the one table in web/routes.py."""

from chalicelib.web.route import Route

MESSAGES = "/chat/messages"

CHAT = (
    Route("GET", "/chat.js", "chat.script:get", "The script that puts the chat box on a shop's page"),
    Route("GET", "/chat", "chat.frame:show", "The chat box; records nothing"),
    Route("POST", "/chat/conversations", "chat.conversation:begin", "Begin a conversation with its first message"),
    Route("GET", MESSAGES, "chat.conversation:read", "What is new in a conversation, if anything; records nothing"),
    Route("POST", MESSAGES, "chat.conversation:write", "Say something further"),
    Route("POST", "/chat/seen", "chat.conversation:seen", "Note how far the visitor has read"),
    Route("POST", "/chat/address", "chat.conversation:address", "Take in where mail reaches the visitor"),
    Route("POST", "/chat/end", "chat.conversation:end", "Take the visitor's word that it is solved"),
)  # fmt: skip
