package render

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"broadsheet/bot/digest"
	"broadsheet/bot/discord"
)

// ArticleReply lays out the longer summary of one text; each sentence links to
// its place in the source.
func ArticleReply(r Reader, t Text) discord.Message {
	w := r.writer()
	head := "### " + linked(headline(t.Article), t.Link)
	if line := w.byline(t.Article); line != "" {
		head += "\n-# " + line
	}
	cs := []discord.Component{illustrated(t.Article, head), discord.Separator()}
	if body := w.sentences(t); body == "" {
		cs = append(cs, discord.Text(w.T("article.notext")))
	} else {
		cs = append(cs, discord.Text(body), discord.Text("-# "+w.T("article.source")))
	}
	return boxed(append(cs, w.articleButtons(t)...)...)
}

// byline tells where an article stands: paper, author, age.
func (w writer) byline(a digest.Article) string {
	source, author := "", ""
	if a.Source != "" {
		source = "⌂ " + name(a.Source)
	}
	if a.Author != "" && a.Author != a.Source {
		author = w.T("article.by", "author", name(a.Author))
	}
	return dots(source, author, w.ageOf(a))
}

// articleButtons are Save, 👍, 👎, Open and Share, as far as they apply: a page
// that is not stored can only be opened and shared.
func (w writer) articleButtons(t Text) []discord.Component {
	var row []discord.Component
	if id := number(t.ID); t.ID != 0 {
		save := discord.Button(discord.StyleSecondary, discord.EncodeID(KindSave, id), w.T("button.save"), "🔖")
		if t.Saved {
			save = discord.Button(discord.StyleSecondary, discord.EncodeID(KindUnsave, id), w.T("button.unsave"), "")
		}
		row = append(row, save,
			discord.Button(discord.StyleSecondary, discord.EncodeID(KindUp, id), "", "👍"),
			discord.Button(discord.StyleSecondary, discord.EncodeID(KindDown, id), "", "👎"))
	}
	row = append(row, w.open(t.Link)...)
	if t.ID != 0 {
		row = append(row, w.share(ShareArticle, number(t.ID))...)
	} else if t.Link != "" {
		row = append(row, w.share(ShareLink, t.Link)...)
	}
	if len(row) == 0 {
		return nil
	}
	return []discord.Component{discord.Row(row...)}
}

// share is a button that shows a reply to the whole channel, or nothing where
// what it would have to remember does not fit a custom id.
func (w writer) share(what string, args ...string) []discord.Component {
	id, ok := exactID(KindShare, append([]string{what}, args...)...)
	if !ok {
		return nil
	}
	return []discord.Component{discord.Button(discord.StylePrimary, id, w.T("button.share"), "")}
}

// exactID is discord.EncodeID; ok reports that nothing was lost to its limit.
func exactID(kind string, args ...string) (id string, ok bool) {
	id = discord.EncodeID(kind, args...)
	_, back, ok := discord.DecodeID(id)
	return id, ok && strings.Join(back, "\x00") == strings.Join(args, "\x00")
}

// Room for the sentences of an article: what a message holds, less a heading
// and a remark.
const articleText = 3000

// sentences is the body of a summary, one sentence a paragraph. Sentences that
// do not fit any more are left out whole; a link to the source is left out
// before a sentence is.
func (w writer) sentences(t Text) string {
	var kept, plain []string
	left := articleText
	for _, s := range t.Sentences {
		s = clean(s)
		e := discord.Escape(s)
		n := utf8.RuneCountInString(e) + len("\n\n")
		if s == "" {
			continue
		}
		if n > left {
			break
		}
		left -= n
		kept, plain = append(kept, e), append(plain, s)
	}
	for i := range kept {
		link := fragmentLink(t.Link, plain[i])
		if n := utf8.RuneCountInString(link) + 1; link != "" && n <= left {
			left -= n
			kept[i] += " " + link
		}
	}
	return strings.Join(kept, "\n\n")
}

// fragmentLink is a masked link to where sentence stands on the page, or "".
func fragmentLink(page, sentence string) string {
	address := fragment(page, sentence)
	if address == "" {
		return ""
	}
	if link := discord.Link("↗", address); strings.HasPrefix(link, "[") {
		return link
	}
	return ""
}

// fragment adds to page's address a text fragment that names sentence by its
// beginning and end (WICG, "URL Fragment Text Directives"). It is "" if page is
// not an address of the web.
func fragment(page, sentence string) string {
	u, err := url.Parse(page)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || len(page) > maxLink {
		return ""
	}
	start, end := ends(strings.Join(strings.Fields(sentence), " "))
	if start == "" {
		return ""
	}
	directive := ":~:text=" + directiveEscape(start)
	if end != "" {
		directive += "," + directiveEscape(end)
	}
	base, old, _ := strings.Cut(u.String(), "#")
	old, _, _ = strings.Cut(old, ":~:")
	return base + "#" + old + directive
}

// ends returns the first and last words of a sentence, or a short sentence
// whole. Text without spaces is cut by characters.
func ends(sentence string) (start, end string) {
	const shortEnough, words, chars = 40, 4, 8
	if utf8.RuneCountInString(sentence) <= shortEnough && !endsWide(sentence) {
		return sentence, ""
	}
	if w := strings.Split(sentence, " "); len(w) > 2*words {
		return strings.Join(w[:words], " "), strings.Join(w[len(w)-words:], " ")
	}
	r := []rune(sentence)
	if len(r) <= 2*chars || strings.Contains(sentence, " ") {
		return sentence, ""
	}
	return string(r[:chars]), string(r[len(r)-chars:])
}

// directiveEscape percent-encodes s; a text directive also gives meaning to
// "-", "," and "&".
func directiveEscape(s string) string {
	return strings.NewReplacer("+", "%20", "-", "%2D").Replace(url.QueryEscape(s))
}
