"""Commands, buttons and forms: read the arguments, call one function of a service, reply with a card."""
