package discord

// Split cuts m into as many messages as Discord's limits ask for.
func Split(m Message) []Message { return []Message{m} }
