package render

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"broadsheet/bot/digest"
	"broadsheet/bot/discord"
)

func TestSummaryShowsWholeSentencesOnly(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("word ", 100) + "end." // 504 characters
	tests := []struct {
		name      string
		sentences []string
		want      string
	}{
		{"none", nil, ""},
		{"two", []string{"One.", "Two."}, "One. Two."},
		{"empty ones are passed over", []string{"", " ", "One."}, "One."},
		{"what does not fit is left out", []string{long, long, long}, long + " " + long},
		{"a later short one does not jump the queue", []string{long, long, long, "Short."}, long + " " + long},
		{"one too long leaves the headline alone", []string{strings.Repeat("x", maxSummary+1)}, ""},
		{"Japanese needs no spaces", []string{"橋は閉まる。", "船が出る。"}, "橋は閉まる。船が出る。"},
		{"markdown is escaped", []string{"A *star*."}, `A \*star\*.`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := summary(tt.sentences); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestSourceLine(t *testing.T) {
	t.Parallel()
	also := func(papers ...string) digest.Story {
		s := digest.Story{Lead: article(1, "Harbour Post", "Bridge", 2)}
		for i, p := range papers {
			s.Also = append(s.Also, article(int64(i+2), p, "Bridge", 3))
		}
		return s
	}
	follow := also("Daily Quay")
	follow.FollowUp = 9
	nameless := also("Daily Quay")
	nameless.Lead.Source, nameless.Lead.Published = "", time.Time{}
	tests := []struct {
		name, locale string
		s            digest.Story
		want         string
	}{
		{"one paper", "en-US", also(), "⌂ Harbour Post · 2 h"},
		{"two papers", "en-US", also("Daily Quay"), "⌂ Harbour Post · 2 h · also in Daily Quay"},
		{"each paper once", "en-US", also("Daily Quay", "Harbour Post", "Daily Quay"), "⌂ Harbour Post · 2 h · also in Daily Quay"},
		{"three others", "en-US", also("B", "C", "D"), "⌂ Harbour Post · 2 h · also in B, C, D"},
		{"more than three", "en-US", also("B", "C", "D", "E", "F"), "⌂ Harbour Post · 2 h · also in B, C, D and 2 more"},
		{"a follow-up", "en-US", follow, "↻ Follow-up · ⌂ Harbour Post · 2 h · also in Daily Quay"},
		{"nameless and undated", "en-US", nameless, "also in Daily Quay"},
		{"German", "de", also("B", "C", "D", "E"), "⌂ Harbour Post · vor 2 Std. · auch in B, C, D und einem weiteren"},
		{"French", "fr", also("B"), "⌂ Harbour Post · il y a 2 h · aussi dans B"},
		{"Japanese", "ja", also("B", "C", "D", "E"), "⌂ Harbour Post · 2時間前 · B、C、Dほか1紙でも"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := reader(tt.locale).writer().sourceLine(tt.s); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestCardHasAPictureOnlyIfDiscordTakesIt(t *testing.T) {
	t.Parallel()
	s := bridgeStory()
	if c := reader("en-US").writer().card(s); c.Type != discord.TypeSection || c.Accessory.Media.URL != s.Lead.Image {
		t.Errorf("with a picture: %+v", c)
	}
	s.Lead.Image = "data:image/png;base64,AAAA"
	if c := reader("en-US").writer().card(s); c.Type != discord.TypeText {
		t.Errorf("with an unfit picture: %+v", c)
	}
}

func TestHeadlineAloneWhereThereIsNoSummary(t *testing.T) {
	t.Parallel()
	s := digest.Story{Lead: article(1, "Harbour Post", "Bridge closes", 2)}
	want := "### [Bridge closes](<https://paper.example/1>)\n-# ⌂ Harbour Post · 2 h"
	if got := reader("en-US").writer().card(s).Content; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// buttons returns the labels or emoji of every button of a message, with its
// custom id or address.
func buttons(m discord.Message) []string {
	var out []string
	var walk func(cs []discord.Component)
	walk = func(cs []discord.Component) {
		for _, c := range cs {
			if c.Type == discord.TypeButton {
				label := c.Label
				if c.Emoji != nil {
					label = strings.TrimSpace(c.Emoji.Name + " " + label)
				}
				out = append(out, label+" "+c.CustomID+c.URL)
			}
			walk(c.Components)
		}
	}
	walk(m.Components)
	return out
}

func TestInstantPostHasItsButtons(t *testing.T) {
	t.Parallel()
	s := bridgeStory()
	want := []string{"🔖 Save v1:save:1", "👍 v1:up:1", "👎 v1:down:1", "Open https://paper.example/1"}
	if diff := cmp.Diff(want, buttons(Card(reader("en-US"), s))); diff != "" {
		t.Errorf("buttons (-want +got):\n%s", diff)
	}
	s.Lead.Link = "https://paper.example/" + strings.Repeat("a", 512)
	if got := buttons(Card(reader("en-US"), s)); len(got) != 3 {
		t.Errorf("an address too long for a button: got %q", got)
	}
}

func TestChoicesHoldEachArticleOnce(t *testing.T) {
	t.Parallel()
	var all []digest.Article
	for i := range int64(40) {
		all = append(all, article(i/2, "Harbour Post", fmt.Sprintf("Piece %d %s", i, strings.Repeat("long ", 40)), 1))
	}
	got := reader("en-US").writer().choices(all)
	if len(got) != 19 { // ids 1 to 19; 0 is no stored article
		t.Fatalf("%d options, want 19", len(got))
	}
	for i, o := range got {
		if o.Value != fmt.Sprint(i+1) || o.Description != "Harbour Post · 1 h" || utf8.RuneCountInString(o.Label) > 100 {
			t.Errorf("option %d: %+v", i, o)
		}
	}
	var many []digest.Article
	for i := range int64(40) {
		many = append(many, article(i+1, "", "", 1))
	}
	if got := reader("en-US").writer().choices(many); len(got) != 25 || got[24].Value != "25" {
		t.Errorf("%d options of 40 articles, want the first 25", len(got))
	}
}

func TestLineCountsTheOtherPapers(t *testing.T) {
	t.Parallel()
	s := bridgeStory()
	w := reader("en-US").writer()
	if got, want := w.line(s), "• [Harbour bridge closes for two years](<https://paper.example/1>) · Harbour Post, +2"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	s.Also, s.FollowUp = nil, 5
	if got, want := w.line(s), "• [Harbour bridge closes for two years](<https://paper.example/1>) · Follow-up · Harbour Post"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
