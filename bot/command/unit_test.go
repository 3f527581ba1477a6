package command

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"broadsheet/bot/digest"
	"broadsheet/bot/discord"
	"broadsheet/bot/filter"
	"broadsheet/bot/render"
	"broadsheet/bot/store"
	"broadsheet/feeds"
)

func TestPick(t *testing.T) {
	t.Parallel()
	names := []string{"Harbour Post", "Daily Quay", "Daily Bread", "The Tern", "Écho du Port"}
	for typed, want := range map[string]struct {
		index int
		near  string
	}{
		"Harbour Post":             {0, ""},
		" harbour post ":           {0, ""},
		"harb":                     {0, ""},
		"the":                      {3, ""},
		"ÉCHO":                     {4, ""},
		"daily":                    {-1, ""}, // two begin with it, neither is near
		"Daily Quai":               {-1, "Daily Quay"},
		"Harbor Post":              {-1, "Harbour Post"},
		"quay":                     {-1, ""},
		"":                         {-1, ""},
		"zeppelin":                 {-1, ""},
		strings.Repeat("x", 9_000): {-1, ""},
	} {
		i, near := pick(names, typed)
		if i != want.index || near != want.near {
			t.Errorf("pick(%.40q) = %d, %q, want %d, %q", typed, i, near, want.index, want.near)
		}
	}
	if i, near := pick(nil, "anything"); i != -1 || near != "" {
		t.Errorf("pick of nothing = %d, %q", i, near)
	}
}

func TestDistance(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"a", "", 1}, {"", "abc", 3}, {"same", "same", 0}, {"kitten", "sitting", 3}, {"flaw", "lawn", 2}, {"Ü", "U", 1}, {"日本", "日木", 1},
	} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
		if back := distance(c.b, c.a); back != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d as the other way round", c.b, c.a, back, c.want)
		}
	}
}

// A distance is none exactly of equal words, and no more than the longer one.
func FuzzDistance(f *testing.F) {
	f.Add("harbour", "harbor")
	f.Add("", "x")
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(a) > 200 || len(b) > 200 || !utf8.ValidString(a) || !utf8.ValidString(b) {
			t.Skip()
		}
		d := distance(a, b)
		if longest := max(utf8.RuneCountInString(a), utf8.RuneCountInString(b)); (d == 0) != (a == b) || d > longest || d < 0 {
			t.Errorf("distance(%q, %q) = %d", a, b, d)
		}
	})
}

func TestLineIsOneLineOfBoundedLength(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		n    int
		want string
	}{
		{"  a \n\t b ", 10, "a b"}, {"", 10, ""}, {" \n ", 10, ""}, {"日本語新聞", 3, "日本語"}, {"ab cd", 3, "ab"}, {"abc", 3, "abc"},
	} {
		if got := line(c.text, c.n); got != c.want {
			t.Errorf("line(%q, %d) = %q, want %q", c.text, c.n, got, c.want)
		}
	}
}

func TestPasted(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"https://a.example/x":    "https://a.example/x",
		" <https://a.example/> ": "https://a.example/",
		"a.example/x":            "https://a.example/x",
		"http://a.example":       "http://a.example",
		"ftp://a.example":        "ftp://a.example",
		"hello":                  "hello",
		"what is new at a.b":     "what is new at a.b",
		"":                       "",
		"<>":                     "",
	} {
		if got := pasted(typed); got != want {
			t.Errorf("pasted(%q) = %q, want %q", typed, got, want)
		}
	}
}

func TestFitsOnlyWhatComesBackWhole(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		want bool
	}{
		{nil, true}, {[]string{"a", "b:c ~"}, true}, {[]string{strings.Repeat("x", 90)}, true}, {[]string{strings.Repeat("x", 91)}, false},
		{[]string{strings.Repeat(" ", 50)}, false}, {[]string{strings.Repeat("日", 80)}, true}, {[]string{strings.Repeat("x", 89), "", ""}, false},
	} {
		if got := fits("choose", c.args...); got != c.want {
			t.Errorf("fits(%q) = %t, want %t", c.args, got, c.want)
		}
	}
}

func TestSettingsRoundTrip(t *testing.T) {
	t.Parallel()
	for _, s := range []Settings{
		{}, {Title: "Morning “edition”", Cards: 3, Lines: 4, Length: LengthLong, Filters: []string{"drop word sport"}, Words: []string{"harbour"}, SayEmpty: true},
	} {
		back, err := ReadSettings(s.String())
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(s, back); d != "" {
			t.Errorf("settings changed (-want +got):\n%s", d)
		}
	}
	if s, err := ReadSettings(""); err != nil || cmp.Diff(s, Settings{}) != "" {
		t.Errorf("ReadSettings of nothing = %+v, %v", s, err)
	}
	for _, bad := range []string{"{", "[]", `{"cards":"many"}`, "null x"} {
		if _, err := ReadSettings(bad); err == nil {
			t.Errorf("ReadSettings(%q) has no error", bad)
		}
	}
}

func TestSettingsGiveWayToTheConfigurationWhereTheySayNothing(t *testing.T) {
	t.Parallel()
	rule := filter.Rule{Kind: "word", Field: "any", Text: "sport"}
	for name, c := range map[string]struct {
		settings     Settings
		cards, lines int
	}{
		"nothing said": {Settings{}, 5, 10},
		"cards":        {Settings{Cards: 9}, 9, 10},
		"lines":        {Settings{Lines: 2}, 5, 2},
	} {
		o, err := c.settings.Options(5, 10)
		if err != nil || o.Cards != c.cards || o.Lines != c.lines {
			t.Errorf("%s: %d cards and %d lines (%v), want %d and %d", name, o.Cards, o.Lines, err, c.cards, c.lines)
		}
	}
	o, err := Settings{Filters: []string{rule.String()}, Words: []string{"quay"}}.Options(5, 10)
	if err != nil {
		t.Fatal(err)
	}
	if kept, _ := o.Filters.Judge(filter.Subject{Title: "A day of sport"}); kept {
		t.Error("the filter was lost")
	}
	if cmp.Diff(o.Words, []string{"quay"}) != "" {
		t.Errorf("words %q", o.Words)
	}
	for _, bad := range []string{"drop pattern title: (", "perhaps"} {
		if _, err := (Settings{Filters: []string{bad}}).Options(5, 10); err == nil {
			t.Errorf("filter %q has no error", bad)
		}
	}
}

func TestValidLengths(t *testing.T) {
	t.Parallel()
	for _, l := range []string{"", LengthLine, LengthShort, LengthLong} {
		if !validLength(l) {
			t.Errorf("%q is refused", l)
		}
	}
	for _, l := range []string{"endless", "Short", " "} {
		if validLength(l) {
			t.Errorf("%q is accepted", l)
		}
	}
}

// Cards are read on a phone: two or three sentences, not a column.
func TestCardsAreTwoOrThreeSentences(t *testing.T) {
	t.Parallel()
	subjects := []string{"the old bridge", "a battery ferry", "the winter vaccine", "thirty river gauges", "the night market", "a whale in the harbour"}
	var paragraphs []string
	for i, s := range subjects {
		paragraphs = append(paragraphs,
			fmt.Sprintf("On day %d of its long session the council of Kelmouth spoke for hours about %s and agreed, with thirty-one votes to fourteen, to spend %d million crowns on it.", i+1, s, 3*i+2),
			fmt.Sprintf("Engineer Ona Brack, who has studied %s since %d and has written two books that nobody in the town hall had read, called the decision late but nevertheless welcome.", s, 1990+i),
			fmt.Sprintf("Work on %s begins in spring, when the ice has left the harbour, and is to end before the storms of the following autumn set in.", s))
	}
	text := strings.Join(paragraphs, "\n")
	for length, want := range map[string][2]int{LengthLine: {1, 1}, LengthShort: {2, 3}, LengthLong: {5, 5}} {
		got := CondenseText("Council spends millions", text, "en", length)
		words := len(strings.Fields(strings.Join(got, " ")))
		if len(got) < want[0] || len(got) > want[1] || length == LengthShort && words > 65 {
			t.Errorf("%s: %d sentences of %d words, want %v sentences:\n%s", length, len(got), words, want, strings.Join(got, "\n"))
		}
		for _, s := range got {
			if !strings.Contains(text, s) {
				t.Errorf("%s: %q is not the author's", length, s)
			}
		}
	}
}

func TestTextsNotWorthCondensingGiveNoCard(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", " \n ", "Short.", "\x00\x01\x02\xff\xfe"} {
		if got := CondenseText("Title", text, "", LengthShort); len(got) != 0 {
			t.Errorf("%q gave %q", text, got)
		}
	}
	if got := CondenseText("Title", "The ferry will not run on Sunday because of the storm.", "en", LengthLong); len(got) != 1 {
		t.Errorf("who asks for the text of a short piece gets %q", got)
	}
}

func TestInertDropsWhatCanBePressed(t *testing.T) {
	t.Parallel()
	m := discord.Message{Components: []discord.Component{
		discord.Container(1,
			discord.Text("kept"),
			discord.Row(discord.Button(discord.StyleSecondary, "v1:save:1", "Save", "")),
			discord.Section(discord.Thumbnail("https://a.example/p.png", "picture"), "with a picture"),
		),
		discord.Row(discord.Select("v1:read:0:0", "Read more…", discord.SelectOption{Label: "a", Value: "1"})),
	}}
	got := inert(m, "what it is")
	want := discord.Message{Components: []discord.Component{
		discord.Text("-# what it is"),
		discord.Container(1, discord.Text("kept"), discord.Section(discord.Thumbnail("https://a.example/p.png", "picture"), "with a picture")),
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("inert (-want +got):\n%s", d)
	}
	if len(m.Components[0].Components) != 3 {
		t.Error("inert changed its argument")
	}
}

// rebuilt is the way back from what the store keeps of an edition.
func TestRebuiltIsTheEditionThatWasPrinted(t *testing.T) {
	t.Parallel()
	a := func(id, feed int64, fate store.Fate, lead int64) store.PrintedArticle {
		return store.PrintedArticle{Article: store.Article{ID: id, FeedID: feed, Title: fmt.Sprint("t", id), FeedTitle: fmt.Sprint("f", feed)}, Fate: fate, StoryLead: lead}
	}
	e := rebuilt([]store.PrintedArticle{
		a(1, 10, store.FateCard, 1), a(2, 11, store.FateJoined, 1), a(3, 10, store.FateLine, 3), a(4, 12, store.FateCounted, 4),
		a(5, 10, store.FateFiltered, 0), a(6, 10, store.FateJoined, 0),
	})
	if len(e.Cards) != 1 || len(e.Lines) != 1 || len(e.More) != 1 || e.Stories != 3 || e.Articles != 4 || e.Feeds != 3 {
		t.Errorf("edition: %d cards, %d lines, %d more, %d stories, %d articles, %d feeds", len(e.Cards), len(e.Lines), len(e.More), e.Stories, e.Articles, e.Feeds)
	}
	if also := e.Cards[0].Also; len(also) != 1 || also[0].Source != "f11" {
		t.Errorf("beside the card: %+v", also)
	}
	if empty := rebuilt(nil); !empty.Empty() {
		t.Errorf("an edition of nothing: %+v", empty)
	}
}

func TestDigestArticleForgetsNothing(t *testing.T) {
	t.Parallel()
	a := store.Article{ID: 1, FeedID: 2, FeedTitle: "f", Title: "t", Link: "l", Text: "x", Language: "en", Author: "a", Image: "i", Categories: []string{"c"}, Weight: 3, Votes: 4}
	want := digest.Article{ID: 1, FeedID: 2, Source: "f", Title: "t", Link: "l", Text: "x", Lang: "en", Author: "a", Image: "i", Categories: []string{"c"}, Weight: 3, Votes: 4}
	if d := cmp.Diff([]digest.Article{want}, DigestArticles([]store.Article{a})); d != "" {
		t.Errorf("article (-want +got):\n%s", d)
	}
}

func TestPaperNeedsAZoneAndSettingsThatCanBeRead(t *testing.T) {
	t.Parallel()
	good := store.Digest{ID: 7, Timezone: "Europe/Berlin", Locale: "de", Edition: 4, Options: Settings{Title: "Blatt"}.String()}
	p, err := Paper(good, digest.Edition{}, good.CreatedAt)
	if err != nil || p.Title != "Blatt" || p.Number != 5 || p.DigestID != 7 || p.Zone.String() != "Europe/Berlin" || p.Locale != "de" {
		t.Errorf("paper %+v, %v", p, err)
	}
	for _, bad := range []store.Digest{{Timezone: "Mars/Olympus"}, {Timezone: "UTC", Options: "{"}} {
		if _, err := Paper(bad, digest.Edition{}, bad.CreatedAt); err == nil {
			t.Errorf("%+v has no error", bad)
		}
	}
}

// Every failure with a known cause has a sentence; a fault of our own has none
// and is left to the router.
func TestExplain(t *testing.T) {
	t.Parallel()
	c := &commands{}
	r := &discord.Request{Locale: "en-US"}
	for name, tc := range map[string]struct {
		err  error
		want string
	}{
		"full disk":      {store.ErrFull, "cannot write anything"},
		"read-only":      {store.ErrReadOnly, "Tell the operator"},
		"not there":      {store.ErrNotFound, "not there any more"},
		"being done":     {store.ErrLeaseLost, "try again"},
		"Discord":        {&discord.Error{Status: 500, Err: errors.New("x")}, "Discord did not answer"},
		"the web":        {&feeds.Error{Kind: feeds.Temporary, URL: "https://a.example/"}, "https://a.example/"},
		"fault of ours":  {errors.New("index out of range"), ""},
		"unknown exists": {store.ErrExists, ""},
	} {
		err := c.explain(t.Context(), r, fmt.Errorf("do something: %w", tc.err))
		if tc.want == "" {
			if err != nil {
				t.Errorf("%s: %v, want no words", name, err)
			}
			continue
		}
		var user *discord.UserError
		if !errors.As(err, &user) || !strings.Contains(user.Text+user.Hint, tc.want) {
			t.Errorf("%s: %v, want %q", name, err, tc.want)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.explain(ended, r, ended.Err()); err == nil || !strings.Contains(err.Error(), "restarted") {
		t.Errorf("at a shutdown: %v", err)
	}
}

func TestWordsOfTheRouterInEveryLanguage(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, locale := range []string{"en-US", "de", "fr", "es-ES", "pt-BR", "ja"} {
		for _, p := range []discord.Problem{discord.ProblemInternal, discord.ProblemForbidden, discord.ProblemUnknown, discord.ProblemSlow} {
			e := Words(&discord.Request{Locale: locale}, p, "abc123")
			if where, twice := seen[e.Text]; twice || e.Text == "" || strings.ContainsAny(e.Text+e.Hint, "{}") {
				t.Errorf("%s, problem %d: %q (also %s)", locale, p, e.Text, where)
			}
			seen[e.Text] = locale
			if has := strings.Contains(e.Text, "abc123"); has != (p == discord.ProblemInternal) {
				t.Errorf("%s, problem %d: %q; the reference belongs into internal errors alone", locale, p, e.Text)
			}
		}
	}
}

func TestReaddressReachesTheMenuWhereverItIs(t *testing.T) {
	t.Parallel()
	m := render.ChooseFeed(render.Reader{}, "https://a.example", 1, "digest", []render.Candidate{{URL: "https://a.example/1"}, {URL: "https://a.example/2"}})
	readdress(m.Components, "other", func([]string) []string { t.Error("another kind was changed"); return nil })
	readdress(m.Components, render.KindChoose, func(args []string) []string { return append(args, "new") })
	found := 0
	var walk func(cs []discord.Component)
	walk = func(cs []discord.Component) {
		for _, c := range cs {
			if c.Type == discord.TypeSelect && strings.HasSuffix(c.CustomID, ":new") {
				found++
			}
			walk(c.Components)
		}
	}
	if walk(m.Components); found != 1 {
		t.Errorf("%d menus have the new id", found)
	}
}
