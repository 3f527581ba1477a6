package render

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"broadsheet/bot/digest"
	"broadsheet/bot/discord"
)

func number(n int64) string { return strconv.FormatInt(n, 10) }

// Card lays out one story by itself: an instant post.
func Card(r Reader, s digest.Story) discord.Message {
	w := r.writer()
	row := []discord.Component{
		discord.Button(discord.StyleSecondary, discord.EncodeID(KindSave, number(s.Lead.ID)), w.T("button.save"), "🔖"),
		discord.Button(discord.StyleSecondary, discord.EncodeID(KindUp, number(s.Lead.ID)), "", "👍"),
		discord.Button(discord.StyleSecondary, discord.EncodeID(KindDown, number(s.Lead.ID)), "", "👎"),
	}
	row = append(row, w.open(s.Lead.Link)...)
	return boxed(w.card(s), discord.Row(row...))
}

// boxed is a message of one container.
func boxed(cs ...discord.Component) discord.Message {
	return discord.Message{Components: []discord.Component{discord.Container(Accent, cs...)}}
}

// card is one story: linked headline, summary, source line, and its picture
// beside them if there is one.
func (w writer) card(s digest.Story) discord.Component {
	text := "### " + linked(headline(s.Lead), s.Lead.Link)
	if sum := summary(s.Summary); sum != "" {
		text += "\n" + sum
	}
	if line := w.sourceLine(s); line != "" {
		text += "\n-# " + line
	}
	return illustrated(s.Lead, text)
}

// illustrated is text with the article's picture beside it, or by itself.
func illustrated(a digest.Article, text string) discord.Component {
	src, ok := picture(a.Image)
	if !ok {
		return discord.Text(text)
	}
	return discord.Section(discord.Thumbnail(src, clip(headline(a), maxOption)), text)
}

// summary joins sentences up to what a card holds. A sentence is shown whole
// or not at all: a cut one would no longer be the author's.
func summary(sentences []string) string {
	var kept []string
	left := maxSummary
	for _, s := range sentences {
		s = discord.Escape(clean(s))
		if s == "" {
			continue
		}
		n := utf8.RuneCountInString(s) + 1
		if n > left {
			break
		}
		left -= n
		kept = append(kept, s)
	}
	return sentenceRun(kept)
}

// sentenceRun joins sentences into a paragraph: with spaces, but without them
// after the full stops of Chinese and Japanese.
func sentenceRun(sentences []string) string {
	var b strings.Builder
	for i, s := range sentences {
		if i > 0 && !endsWide(sentences[i-1]) {
			b.WriteByte(' ')
		}
		b.WriteString(s)
	}
	return b.String()
}

func endsWide(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune("。！？」』）", r)
}

// sourceLine tells where a story stands: "⌂ Harbour Post · 2 h · also in …".
func (w writer) sourceLine(s digest.Story) string {
	follow, source := "", ""
	if s.FollowUp != 0 {
		follow = "↻ " + w.T("story.followup")
	}
	if s.Lead.Source != "" {
		source = "⌂ " + name(s.Lead.Source)
	}
	also := ""
	if papers, more := others(s, 3); len(papers) > 0 {
		list := strings.Join(papers, w.T("story.papers.separator"))
		if more > 0 {
			list = w.T("story.also.more", "papers", list, "n", more)
		}
		also = w.T("story.also", "papers", list)
	}
	return dots(follow, source, w.ageOf(s.Lead), also)
}

// others returns the names of up to most papers that ran the story beside the
// lead's, each once, and how many there are beyond them.
func others(s digest.Story, most int) (papers []string, more int) {
	seen := map[string]bool{"": true, s.Lead.Source: true}
	for _, a := range s.Also {
		if seen[a.Source] {
			continue
		}
		seen[a.Source] = true
		if len(papers) < most {
			papers = append(papers, name(a.Source))
		} else {
			more++
		}
	}
	return papers, more
}

// line is one story in a list: "• headline · Paper, +1".
func (w writer) line(s digest.Story) string {
	papers, more := others(s, 0)
	source := name(s.Lead.Source)
	if n := len(papers) + more; n > 0 {
		source += ", +" + w.Number(n)
	}
	follow := ""
	if s.FollowUp != 0 {
		follow = w.T("story.followup")
	}
	return "• " + dots(linked(clip(headline(s.Lead), 120), s.Lead.Link), follow, source)
}

// open is a button to the article's page, for addresses that a button takes
// (at most 512 code points).
func (w writer) open(link string) []discord.Component {
	if src, ok := picture(link); ok && len(src) <= 512 {
		return []discord.Component{discord.LinkButton(src, w.T("button.open"))}
	}
	return nil
}

// choices makes up to 25 menu options of articles, by id.
func (w writer) choices(articles []digest.Article) []discord.SelectOption {
	var options []discord.SelectOption
	seen := map[int64]bool{}
	for _, a := range articles {
		if a.ID == 0 || seen[a.ID] {
			continue
		}
		if len(options) == 25 {
			break
		}
		seen[a.ID] = true
		options = append(options, discord.SelectOption{
			Label:       clip(headline(a), maxOption),
			Value:       number(a.ID),
			Description: clip(dots(clean(a.Source), w.ageOf(a)), maxOption),
		})
	}
	return options
}

// menu is a row with a select menu, or nothing where there is nothing to
// choose.
func menu(customID, placeholder string, options []discord.SelectOption) []discord.Component {
	if len(options) == 0 {
		return nil
	}
	return []discord.Component{discord.Row(discord.Select(customID, placeholder, options...))}
}

// leads returns the leading articles of stories.
func leads(stories []digest.Story) []digest.Article {
	out := make([]digest.Article, len(stories))
	for i, s := range stories {
		out[i] = s.Lead
	}
	return out
}
