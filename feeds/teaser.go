package feeds

import (
	"net/url"
	"path"
	"strings"
	"unicode/utf8"
)

const (
	// fullWords is the length from which a text is an article, shortWords the
	// one below which a text in its own words is only an announcement of one.
	fullWords  = 220
	shortWords = 90
)

// noPages are hosts whose pages hold no article beyond what their feeds say.
const noPages = " youtube.com youtu.be vimeo.com dailymotion.com twitch.tv tiktok.com instagram.com x.com twitter.com facebook.com" +
	" reddit.com imgur.com soundcloud.com spotify.com open.spotify.com podcasts.apple.com flickr.com pinterest.com bsky.app threads.net t.me "

// moreMarks end a text that goes on elsewhere, in lower case.
const moreMarks = "…|...|[…]|[...]|(…)|(...)|[more]|(more)|read more|read more »|read on|more »|more...|continue reading|keep reading|full story|read the full article|read full article|read the rest|" +
	"weiterlesen|mehr lesen|mehr »|zum artikel|lire la suite|lire plus|en savoir plus|leer más|seguir leyendo|leggi tutto|continua a leggere|leggi di più|leia mais|continue lendo|continuar a ler|" +
	"lees meer|lees verder|читать далее|читать дальше|подробнее|続きを読む|続きはこちら|もっと読む|czytaj więcej|läs mer|læs mere|les mer"

// Teaser reports whether the item's text is only the beginning or the
// announcement of an article, so that its page is worth fetching. An item
// without a page, with a picture, a film or a file behind its link, or a short
// note that is complete in itself, is no teaser.
func Teaser(it Item) bool {
	u, ok := webURL(it.Link)
	if !ok || !hasPage(u) {
		return false
	}
	text := withoutCredit(it.Text)
	words := wordCount(text)
	if words >= 2*fullWords {
		return false
	}
	if endsOpen(text) {
		return true
	}
	switch {
	case words >= fullWords:
		return false
	case words >= shortWords:
		return strings.Count(text, "\n\n") < 2
	}
	// A note without a headline of its own has said everything.
	return !note(it.Title, text)
}

// hasPage reports whether a link leads to a page with text.
func hasPage(u *url.URL) bool {
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	if strings.Contains(noPages, " "+host+" ") || strings.Contains(noPages, " "+registrable(host)+" ") {
		return false
	}
	switch strings.ToLower(path.Ext(u.Path)) {
	case ".mp3", ".m4a", ".mp4", ".webm", ".mov", ".ogg", ".wav", ".pdf", ".zip", ".gz", ".jpg", ".jpeg", ".png", ".gif", ".webp",
		".svg", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".epub", ".exe", ".dmg", ".iso", ".torrent", ".ics":
		return false
	}
	return true
}

// withoutCredit cuts the line that WordPress puts below every item ("The post …
// appeared first on …").
func withoutCredit(text string) string {
	if i := strings.LastIndex(text, "The post "); i >= 0 && strings.Contains(text[i:], "appeared first on") && len(text)-i < 400 {
		text = text[:i]
	}
	return strings.TrimSpace(text)
}

// endsOpen reports whether a text ends with a mark that it goes on.
func endsOpen(text string) bool {
	end := text[max(0, len(text)-80):]
	end = strings.ToLower(strings.TrimRight(end, " \n\t→»›>.:"))
	if strings.HasSuffix(strings.TrimRight(text, " \n"), "...") {
		return true
	}
	for mark := range strings.SplitSeq(moreMarks, "|") {
		if strings.HasSuffix(end, strings.TrimRight(mark, " »")) && strings.TrimRight(mark, ".") != "" {
			return true
		}
	}
	return false
}

// note reports a short post whose title is only the beginning of its text.
func note(title, text string) bool {
	if text == "" {
		return false
	}
	head := strings.TrimSuffix(strings.TrimSuffix(title, "…"), "...")
	return head == "" || strings.HasPrefix(strings.Join(strings.Fields(text), " "), head)
}

// wordCount counts words; scripts without spaces count two characters as one.
func wordCount(text string) int {
	n, dense := 0, 0
	for word := range strings.FieldsSeq(text) {
		n++
		if r, _ := utf8.DecodeRuneInString(word); r >= 0x0E00 {
			dense += utf8.RuneCountInString(word)
		}
	}
	return n + dense/2
}
