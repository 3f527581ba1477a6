package digest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// random makes an input with everything that happens: retellings, equal links,
// links that one feed gives twice, empty texts, missing times, printed stories.
func random(r *rand.Rand) Input {
	base := press()
	in := Input{Now: now(), Options: Options{Cards: r.IntN(7) - 1, Lines: r.IntN(7) - 1, Share: r.Float64()}}
	for i := range r.IntN(60) {
		a := base[r.IntN(len(base))]
		a.FeedID = int64(1 + r.IntN(5))
		a.Source = papers()[a.FeedID]
		a.ID = int64(1000 + i)
		switch r.IntN(8) {
		case 0:
			a.Link = "https://wire.example/story"
		case 1:
			a.Text = ""
		case 2:
			a.Published, a.Seen = time.Time{}, time.Time{}
		case 3:
			a.Text = bridgeLater
		case 4:
			a.ID = int64(1000 + r.IntN(60)) // may repeat an id
		case 5:
			a.Title, a.Text, a.Link = fmt.Sprintf("Note %d", r.IntN(9)), "", ""
		case 6:
			a.Weight, a.Votes = r.IntN(7)-3, r.IntN(21)-10
		}
		if r.IntN(4) == 0 {
			a.ID += 5000
			in.Printed = append(in.Printed, a)
		} else {
			in.Articles = append(in.Articles, a)
		}
	}
	return in
}

func TestEveryArticleIsAccountedForOnce(t *testing.T) {
	t.Parallel()
	for seed := range uint64(120) {
		in := random(rand.New(rand.NewPCG(seed, 7)))
		e := Build(in)
		given, told := map[int64]int{}, map[int64]int{}
		for _, a := range in.Articles {
			given[a.ID]++
		}
		articles, feeds := 0, map[int64]bool{}
		for _, s := range e.All() {
			for _, a := range s.Articles() {
				told[a.ID]++
				articles++
				feeds[a.FeedID] = true
			}
		}
		for _, d := range e.Dropped {
			told[d.ID]++
			if d.Rule == "" || (d.Rule == RuleJoined) != (d.Into != 0) {
				t.Errorf("seed %d: article %d dropped by rule %q into %d", seed, d.ID, d.Rule, d.Into)
			}
		}
		if diff := cmp.Diff(given, told); diff != "" {
			t.Fatalf("seed %d: how often each article was given and told (-given +told):\n%s", seed, diff)
		}
		if e.Stories != len(e.All()) || e.Articles != articles || e.Feeds != len(feeds) {
			t.Errorf("seed %d: counts %d, %d, %d; want %d, %d, %d", seed, e.Stories, e.Articles, e.Feeds, len(e.All()), articles, len(feeds))
		}
	}
}

func TestBuildDependsOnNeitherOrderNorChance(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 11))
		in := random(r)
		in.Articles = slices.CompactFunc(sorted(in.Articles), func(a, b Article) bool { return a.ID == b.ID })
		in.Printed = slices.CompactFunc(sorted(in.Printed), func(a, b Article) bool { return a.ID == b.ID })
		want := Build(in)
		for range 3 {
			r.Shuffle(len(in.Articles), func(i, j int) { in.Articles[i], in.Articles[j] = in.Articles[j], in.Articles[i] })
			r.Shuffle(len(in.Printed), func(i, j int) { in.Printed[i], in.Printed[j] = in.Printed[j], in.Printed[i] })
			if diff := cmp.Diff(want, Build(in)); diff != "" {
				t.Fatalf("seed %d: the order of the input changed the edition (-was +is):\n%s", seed, diff)
			}
		}
	}
}

func sorted(articles []Article) []Article {
	out := slices.Clone(articles)
	slices.SortStableFunc(out, byID)
	return out
}

func TestBuildLeavesItsInputAlone(t *testing.T) {
	t.Parallel()
	in := random(rand.New(rand.NewPCG(3, 5)))
	before := slices.Clone(in.Articles)
	Build(in)
	if diff := cmp.Diff(before, in.Articles); diff != "" {
		t.Errorf("Build changed the articles it was given (-before +after):\n%s", diff)
	}
}

func TestPlacesKeepTheirLimits(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		in := random(rand.New(rand.NewPCG(seed, 13)))
		e, o := Build(in), in.Options.withDefaults()
		if len(e.Cards) > o.Cards || len(e.Lines) > o.Lines {
			t.Errorf("seed %d: %d cards and %d lines, want at most %d and %d", seed, len(e.Cards), len(e.Lines), o.Cards, o.Lines)
		}
		if len(e.More) > 0 && len(e.Lines) < o.Lines {
			t.Errorf("seed %d: %d stories only counted while %d of %d lines are taken", seed, len(e.More), len(e.Lines), o.Lines)
		}
		for _, part := range [][]Story{e.Cards, e.Lines, e.More} {
			if !slices.IsSortedFunc(part, func(a, b Story) int { return int(1e6 * (b.Score - a.Score)) }) {
				t.Errorf("seed %d: stories are not in the order of their scores", seed)
			}
		}
	}
}

func TestNoFeedTakesMoreThanItsShareOfTheCards(t *testing.T) {
	t.Parallel()
	// One feed writes twenty pieces, three write one each.
	var all []Article
	for i := range 20 {
		all = append(all, article(int64(i+1), 1, float64(i)/10, unlike()[i], ""))
	}
	for feed := int64(2); feed <= 4; feed++ {
		all = append(all, article(100+feed, feed, 20, unlike()[18+feed], ""))
	}
	e := Build(Input{Articles: all, Now: now(), Options: Options{Cards: 5, Lines: 6}})
	count := func(stories []Story) map[int64]int {
		n := map[int64]int{}
		for _, s := range stories {
			n[s.Lead.FeedID]++
		}
		return n
	}
	if diff := cmp.Diff(map[int64]int{1: 2, 2: 1, 3: 1, 4: 1}, count(e.Cards)); diff != "" {
		t.Errorf("cards by feed (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[int64]int{1: 6}, count(e.Lines)); diff != "" {
		t.Errorf("lines by feed, none left empty (-want +got):\n%s", diff)
	}
	if got := len(e.More); got != 12 {
		t.Errorf("%d stories counted, want 12", got)
	}
}

func TestShare(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		n     int
		part  float64
		feeds int
		want  int
	}{
		{"two fifths of five", 5, 0.4, 9, 2},
		{"rounded down", 6, 0.4, 9, 2},
		{"at least one", 2, 0.4, 9, 1},
		{"an only feed has all", 5, 0.4, 1, 5},
		{"two feeds fill five places", 5, 0.4, 2, 3},
		{"all", 5, 1, 9, 5},
		{"no rounding error", 5, 0.6, 9, 3},
		{"no feeds", 5, 0.4, 0, 5},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := share(tt.n, tt.part, tt.feeds); got != tt.want {
				t.Errorf("share(%d, %v, %d) = %d, want %d", tt.n, tt.part, tt.feeds, got, tt.want)
			}
		})
	}
}

func TestZeroOptionsMeanTheDefaults(t *testing.T) {
	t.Parallel()
	got := Options{}.withDefaults()
	if got.Cards != DefaultCards || got.Lines != DefaultLines || got.Share != DefaultShare {
		t.Errorf("defaults are %+v", got)
	}
	if got := (Options{Cards: -3, Lines: -1, Share: 7}).withDefaults(); got.Cards != 0 || got.Lines != 0 || got.Share != DefaultShare {
		t.Errorf("unfit options became %+v", got)
	}
}

func TestFiltersTellTheirRule(t *testing.T) {
	t.Parallel()
	e := Build(Input{Articles: press(), Now: now(), Options: Options{Filters: rules(t, "keep word bridge", "drop word council")}})
	got := map[int64]string{}
	for _, d := range e.Dropped {
		got[d.ID] = d.Rule
	}
	want := map[int64]string{
		101: "drop word council", 102: "drop word council", 103: "drop word council", 104: RuleNoKeep, 105: RuleNoKeep, 106: RuleNoKeep,
		107: RuleNoKeep, 108: RuleNoKeep, 109: RuleNoKeep, 110: RuleNoKeep, 111: RuleNoKeep,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
}

func TestTimeOfAnArticle(t *testing.T) {
	t.Parallel()
	at := now()
	tests := []struct {
		name            string
		published, seen time.Time
		want            time.Time
	}{
		{"as published", at.Add(-time.Hour), at, at.Add(-time.Hour)},
		{"no date: as seen", time.Time{}, at, at},
		{"a date in the future: as seen", at.Add(time.Hour), at, at},
		{"never seen: as published", at, time.Time{}, at},
		{"unknown", time.Time{}, time.Time{}, time.Time{}},
	}
	for _, tt := range tests {
		if got := (Article{Published: tt.published, Seen: tt.seen}).Time(); !got.Equal(tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}
