package feeds

// Teaser reports whether the item's text is only the beginning of an article.
func Teaser(it Item) bool { return len(it.Text) < 600 && it.Link != "" }
