package digest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// tellings returns which articles tell each story of an edition.
func tellings(e Edition) map[int64][]int64 {
	out := map[int64][]int64{}
	for _, s := range e.All() {
		also := []int64{}
		for _, a := range s.Also {
			also = append(also, a.ID)
		}
		out[s.Lead.ID] = also
	}
	return out
}

// unlike returns headlines that share no word.
func unlike() []string {
	return []string{
		"Zebra escapes circus", "Herring prices tumble", "Tram seven derails", "Poet wins lottery", "Glacier retreats again",
		"Bakery reopens ovens", "Chess league begins", "Volcano stays quiet", "Museum buys harp", "Orchard blooms early",
		"Satellite photographs storm", "Marathon route shortened", "Beekeepers demand subsidies", "Castle roof restored",
		"Dentists strike tomorrow", "Eclipse draws crowds", "Firewood theft rising", "Grain silo painted", "Hotel elevator stuck",
		"Ink factory moves", "Jazz festival postponed", "Kite champion retires", "Lantern parade cancelled", "Mushroom season peaks",
	}
}

func TestEqualLinksJoinPapers(t *testing.T) {
	t.Parallel()
	with := func(id, feed int64, link, text string) Article {
		a := article(id, feed, float64(id), unlike()[id], text)
		a.Link = link
		return a
	}
	tests := []struct {
		name     string
		articles []Article
		want     map[int64][]int64
	}{
		{"the fuller one leads", []Article{
			with(1, 1, "https://wire.example/a?utm_source=rss", "Brief."),
			with(2, 2, "http://www.wire.example/a/#top", "A good deal longer than the other text."),
		}, map[int64][]int64{2: {1}}},
		{"of equal ones the earlier leads", []Article{
			with(1, 1, "https://wire.example/a", ""), with(2, 2, "https://wire.example/a", ""),
		}, map[int64][]int64{2: {1}}},
		{"three papers", []Article{
			with(1, 1, "https://wire.example/a?id=4&fbclid=9", "Longest of three."),
			with(2, 2, "https://wire.example/a?id=4", "Shorter."), with(3, 3, "https://WIRE.example/a?id=4&ref=x", "Short."),
		}, map[int64][]int64{1: {2, 3}}},
		{"other pages stay apart", []Article{
			with(1, 1, "https://wire.example/a?id=4", ""), with(2, 2, "https://wire.example/a?id=5", ""),
		}, map[int64][]int64{1: {}, 2: {}}},
		{"an address that one feed uses twice joins nobody", []Article{
			with(1, 1, "https://wire.example/live", ""), with(2, 1, "https://wire.example/live", ""), with(3, 2, "https://wire.example/live", ""),
		}, map[int64][]int64{1: {}, 2: {}, 3: {}}},
		{"a front page joins nobody", []Article{
			with(1, 1, "https://wire.example/", ""), with(2, 2, "https://www.wire.example", ""),
		}, map[int64][]int64{1: {}, 2: {}}},
		{"no address joins nobody", []Article{
			with(1, 1, "", ""), with(2, 2, "", ""), with(3, 3, "mailto:x@y.example", ""), with(4, 4, "mailto:x@y.example", ""),
		}, map[int64][]int64{1: {}, 2: {}, 3: {}, 4: {}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, tellings(Build(Input{Articles: tt.articles, Now: now()}))); diff != "" {
				t.Errorf("stories (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEqualLinksJoinWholeStories(t *testing.T) {
	t.Parallel()
	all := press()[:5]
	all[1].Link, all[3].Link = "https://wire.example/day", "https://wire.example/day"
	got := tellings(Build(Input{Articles: all, Now: now()}))
	if len(got) != 1 || len(got[101]) != 4 {
		t.Errorf("got stories %v, want one of all five, led by the fullest", got)
	}
}

// printedBridge is the bridge as an edition printed it some hours ago.
func printedBridge(hours float64) []Article {
	return []Article{article(1, 1, hours, "Merrow harbour bridge closes for two years", bridgeText)}
}

func TestPrintedStories(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		fresh    []Article
		printed  []Article
		dropped  []int64 // joined to the printed story
		followUp int64   // lead of the follow-up, 0 = none
	}{
		{
			"the same text from another paper adds nothing",
			[]Article{article(10, 2, 1, "Merrow bridge to close", bridgeText)}, printedBridge(30),
			[]int64{10}, 0,
		},
		{
			"a slower paper's own words within hours are the same news",
			[]Article{article(10, 2, 1, "Two years without the Merrow harbour bridge", bridgeRetold)}, printedBridge(4),
			[]int64{10}, 0,
		},
		{
			"a headline alone adds nothing",
			[]Article{article(10, 2, 1, "Merrow harbour bridge closes for two years", "")}, printedBridge(30),
			[]int64{10}, 0,
		},
		{
			"a development comes back",
			[]Article{article(10, 2, 1, "Cracks in Merrow harbour bridge", bridgeLater)}, printedBridge(30),
			nil, 10,
		},
		{
			"what adds nothing stands beside the development",
			[]Article{
				article(10, 2, 1, "Merrow bridge to close", bridgeText),
				article(11, 3, 1, "Cracks in Merrow harbour bridge", bridgeLater),
			}, printedBridge(30),
			nil, 11,
		},
		{
			"another event is a story of its own",
			[]Article{press()[9]}, printedBridge(30),
			nil, 0,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := Build(Input{Articles: tt.fresh, Printed: tt.printed, Now: now()})
			var dropped []int64
			for _, d := range e.Dropped {
				dropped = append(dropped, d.ID)
				if d.Rule != RuleJoined || d.Into != 1 {
					t.Errorf("article %d: rule %q into %d, want joined into 1", d.ID, d.Rule, d.Into)
				}
			}
			if diff := cmp.Diff(tt.dropped, dropped); diff != "" {
				t.Errorf("dropped (-want +got):\n%s", diff)
			}
			var followUp int64
			for _, s := range e.All() {
				if s.FollowUp != 0 {
					followUp = s.Lead.ID
				}
				if (s.FollowUp != 0) != (s.News != "") {
					t.Errorf("story %d: follow-up of %d with news %q", s.Lead.ID, s.FollowUp, s.News)
				}
			}
			if followUp != tt.followUp {
				t.Errorf("follow-up led by %d, want %d", followUp, tt.followUp)
			}
		})
	}
}

// Time decides where words do not: what a slower paper adds within hours is
// colour, a day later it is a development.
func TestTimeTellsADevelopmentFromARetelling(t *testing.T) {
	t.Parallel()
	const colour = "The Merrow harbour bridge closes on 4 May for two years, and ferries will run from the Customs Steps. " +
		"Shopkeepers around the Merrow bridge fear empty tills when it closes. " +
		"Traders asked the council to run ferries later on market days."
	fresh := []Article{article(10, 2, 1, "Merrow harbour bridge closes for two years, traders worry", colour)}
	for hours, want := range map[float64]int{4: 0, 8.9: 0, 9.1: 1, 30: 1} {
		e := Build(Input{Articles: fresh, Printed: printedBridge(hours), Now: now()})
		if e.Stories != want || len(e.Dropped) != 1-want {
			t.Errorf("printed piece of %v hours ago, article of 1: %d stories, want %d", hours, e.Stories, want)
		}
	}
}

func TestNewsAreSentencesOfTheArticle(t *testing.T) {
	t.Parallel()
	lead := article(10, 2, 1, "Cracks in Merrow harbour bridge", bridgeText+" "+bridgeLater)
	e := Build(Input{Articles: []Article{lead}, Printed: printedBridge(30), Now: now()})
	if len(e.Cards) != 1 {
		t.Fatalf("got %d cards, want the follow-up", len(e.Cards))
	}
	news := strings.Split(e.Cards[0].News, "\n")
	for _, s := range news {
		if !strings.Contains(bridgeLater, s) {
			t.Errorf("%q was told before or is not the author's", s)
		}
	}
	if len(news) < 3 {
		t.Errorf("only %d sentences of news: %q", len(news), news)
	}
}

func TestFollowUpContinuesTheLastPrintedPiece(t *testing.T) {
	t.Parallel()
	printed := append(printedBridge(60), article(2, 3, 40, "Merrow council votes to rebuild harbour bridge", bridgeRetold))
	e := Build(Input{
		Articles: []Article{article(10, 2, 1, "Cracks in Merrow harbour bridge", bridgeLater)},
		Printed:  printed, Now: now(),
	})
	if got := e.Cards[0].FollowUp; got != 2 {
		t.Errorf("continues %d, want 2", got)
	}
}

func TestArticleThatWasPrintedItselfIsNew(t *testing.T) {
	t.Parallel()
	a := printedBridge(3)
	e := Build(Input{Articles: a, Printed: a, Now: now()})
	if len(e.Cards) != 1 || e.Cards[0].FollowUp != 0 {
		t.Errorf("got %+v, want one plain story", e)
	}
}

func TestJapaneseRetellingIsJoined(t *testing.T) {
	t.Parallel()
	const text = "港町メローの市議会は月曜日、港の橋を修理せず建て替えることを31対14で可決した。橋は5月4日から2年間通行止めになる。その間は渡し船が10分おきに運航する。"
	piece := func(id, feed int64, hours float64) Article {
		a := article(id, feed, hours, "メロー港の橋、2年間通行止め", text)
		a.Lang = "ja"
		return a
	}
	e := Build(Input{Articles: []Article{piece(10, 2, 1)}, Printed: []Article{piece(1, 1, 30)}, Now: now()})
	if len(e.Dropped) != 1 || e.Dropped[0].Into != 1 {
		t.Errorf("got %+v, want the retelling joined", e)
	}
}

func TestRanking(t *testing.T) {
	t.Parallel()
	one := func(change func(*Article)) Story {
		a := article(1, 1, 6, "Lighthouse becomes a library", "Nine thousand books on Gull Point.")
		if change != nil {
			change(&a)
		}
		return Story{Lead: a}
	}
	plain := one(nil)
	papersOf := func(n int) Story {
		s := plain
		for feed := range int64(n - 1) {
			s.Also = append(slices.Clone(s.Also), article(feed+2, feed+2, 6, "Library in lighthouse", ""))
		}
		return s
	}
	words := Options{Words: []string{"library", "gull point", "nine", ""}}
	tests := []struct {
		name          string
		better, worse Story
		o             Options
	}{
		{"two papers beat one", papersOf(2), plain, Options{}},
		{"three papers beat two", papersOf(3), papersOf(2), Options{}},
		{"two pieces of one paper are one paper", papersOf(2), Story{Lead: plain.Lead, Also: []Article{plain.Lead}}, Options{}},
		{"fresh beats old", one(func(a *Article) { a.Published = now() }), plain, Options{}},
		{"a heavy feed beats an ordinary one", one(func(a *Article) { a.Weight = 1 }), plain, Options{}},
		{"an ordinary feed beats a light one", plain, one(func(a *Article) { a.Weight = -2 }), Options{}},
		{"liked beats unliked", one(func(a *Article) { a.Votes = 3 }), plain, Options{}},
		{"unliked beats disliked", plain, one(func(a *Article) { a.Votes = -3 }), Options{}},
		{"a wanted word in the headline", plain, one(func(a *Article) { a.Title = "Lighthouse gets books" }), words},
		{"a wanted phrase in the text", plain, one(func(a *Article) { a.Text = "Nine thousand books." }), words},
		{"a wanted word is whole", plain, one(func(a *Article) { a.Title = "Lighthouse and libraryness" }), words},
		{"more papers beat one vote", papersOf(2), one(func(a *Article) { a.Votes = 1 }), Options{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			stories := []Story{tt.worse, tt.better}
			stories[0].News, stories[1].News = "worse", "better"
			rank(stories, now(), tt.o)
			if stories[0].News != "better" || stories[0].Score <= stories[1].Score {
				t.Errorf("scores %v (%s), %v (%s)", stories[0].Score, stories[0].News, stories[1].Score, stories[1].News)
			}
		})
	}
}

func TestFarFutureAndUnknownTimesDoNotBreakRanking(t *testing.T) {
	t.Parallel()
	unknown := Story{Lead: Article{ID: 1, FeedID: 1}}
	future := Story{Lead: Article{ID: 2, FeedID: 1, Published: now().Add(1000 * time.Hour)}}
	present := Story{Lead: Article{ID: 3, FeedID: 1, Published: now()}}
	s := []Story{unknown, future, present}
	rank(s, now(), Options{})
	if s[2].Lead.ID != 1 {
		t.Errorf("an article of unknown time stands before those of today: %v", s)
	}
	if s[0].Score != s[1].Score {
		t.Errorf("the future scores %v, the present %v; want the same", s[0].Score, s[1].Score)
	}
}
