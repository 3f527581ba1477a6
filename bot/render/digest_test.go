package render

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/bot/digest"
	"broadsheet/bot/discord"
)

func TestEditionIsNamedByTheHourInItsZone(t *testing.T) {
	t.Parallel()
	tests := []struct {
		hour int
		want string
	}{
		{4, "Night edition"}, {5, "Morning edition"}, {10, "Morning edition"}, {11, "Midday edition"}, {13, "Midday edition"},
		{14, "Afternoon edition"}, {16, "Afternoon edition"}, {17, "Evening edition"}, {21, "Evening edition"}, {22, "Night edition"}, {0, "Night edition"},
	}
	for _, tt := range tests {
		p := paper("en-US")
		p.Now = time.Date(2026, 11, 24, tt.hour, 30, 0, 0, berlin()).UTC()
		if got := contents(Digest(p))[0]; !strings.HasPrefix(got, "## 🗞 "+tt.want+" · Tuesday 24 November\n") {
			t.Errorf("at %d o'clock: %q, want %q", tt.hour, got, tt.want)
		}
	}
}

func TestDateIsThatOfTheDigestsZone(t *testing.T) {
	t.Parallel()
	p := paper("en-US")
	p.Now, p.Zone = time.Date(2026, 11, 24, 23, 0, 0, 0, time.UTC), time.FixedZone("Asia/Tokyo", 9*3600)
	if got := contents(Digest(p))[0]; !strings.Contains(got, "Morning edition · Wednesday 25 November") {
		t.Errorf("got %q", got)
	}
}

func TestOwnNameHeadsTheDigest(t *testing.T) {
	t.Parallel()
	p := paper("en-US")
	p.Title = "The *Port* Letter"
	if got, want := strings.SplitN(contents(Digest(p))[0], "\n", 2)[0], `## 🗞 The \*Port\* Letter · Tuesday 24 November`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCountsAreSaidInTheLanguage(t *testing.T) {
	t.Parallel()
	one := digest.Edition{Cards: []digest.Story{{Lead: article(1, "A", "B", 1)}}, Stories: 1, Articles: 1, Feeds: 1}
	for locale, want := range map[string][2]string{
		"en-US": {"16 stories from 20 new articles in 6 feeds", "1 story from 1 new article in 1 feed"},
		"de":    {"16 Meldungen aus 20 neuen Artikeln in 6 Feeds", "1 Meldung aus 1 neuen Artikel in 1 Feed"},
		"fr":    {"16 sujets, 20 nouveaux articles, 6 flux", "1 sujet, 1 nouvel article, 1 flux"},
		"es-ES": {"16 noticias de 20 artículos nuevos en 6 fuentes", "1 noticia de 1 artículo nuevo en 1 fuente"},
		"pt-BR": {"16 notícias de 20 artigos novos em 6 fontes", "1 notícia de 1 artigo novo em 1 fonte"},
		"ja":    {"6フィードの新着20記事から16件のニュース", "1フィードの新着1記事から1件のニュース"},
	} {
		p := paper(locale)
		many := strings.SplitN(contents(Digest(p))[0], "\n", 2)[1]
		p.Edition = one
		single := strings.SplitN(contents(Digest(p))[0], "\n", 2)[1]
		if diff := cmp.Diff(want, [2]string{many, single}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", locale, diff)
		}
	}
}

func TestEmptyEditionPrintsNothingUnlessAsked(t *testing.T) {
	t.Parallel()
	p := paper("en-US")
	p.Edition = digest.Edition{}
	if got := Digest(p); got != nil {
		t.Errorf("an empty edition gave %d messages", len(got))
	}
	if got := contents([]discord.Message{Empty(p)})[0]; !strings.Contains(got, "The next edition comes Wednesday 25 November, 08:00.") {
		t.Errorf("got %q", got)
	}
	p.Next = time.Time{}
	if got := contents([]discord.Message{Empty(p)})[0]; !strings.HasSuffix(got, "\nNothing new today.") {
		t.Errorf("without a next edition: %q", got)
	}
}

func TestControlsKnowTheirEdition(t *testing.T) {
	t.Parallel()
	messages := Digest(paper("en-US"))
	want := []string{"🔖 Save v1:dsave:7:41", "👍 v1:dup:7:41", "👎 v1:ddown:7:41", "Next page › v1:dpage:7:41:0"}
	if diff := cmp.Diff(want, buttons(messages[len(messages)-1])); diff != "" {
		t.Errorf("buttons (-want +got):\n%s", diff)
	}
	menu := selects(messages[0])
	if len(menu) != 1 || menu[0].CustomID != "v1:read:7:41" || len(menu[0].Options) != 16 || menu[0].Options[0].Value != "1" {
		t.Errorf("menu %+v", menu)
	}
}

func TestNoNextPageWhereCardsAreAll(t *testing.T) {
	t.Parallel()
	p := paper("en-US")
	p.Edition.Lines, p.Edition.More = nil, nil
	p.Edition = counted(p.Edition)
	if got := buttons(Digest(p)[0]); len(got) != 3 {
		t.Errorf("buttons %q, want no Next page", got)
	}
}

// selects returns the menus of a message.
func selects(m discord.Message) []discord.Component {
	var out []discord.Component
	var walk func(cs []discord.Component)
	walk = func(cs []discord.Component) {
		for _, c := range cs {
			if c.Type == discord.TypeSelect {
				out = append(out, c)
			}
			walk(c.Components)
		}
	}
	walk(m.Components)
	return out
}

func TestLongDigestContinuesInOrder(t *testing.T) {
	t.Parallel()
	p := paper("en-US")
	p.Edition = bigEdition()
	messages := Digest(p)
	if len(messages) < 2 {
		t.Fatalf("%d messages, want several", len(messages))
	}
	for i, m := range messages {
		first := contents([]discord.Message{m})[0]
		if again := first == "-# Morning edition, continued"; again != (i > 0) {
			t.Errorf("message %d begins with %q", i, first)
		}
		if has := len(buttons(m)) > 0; has != (i == len(messages)-1) {
			t.Errorf("message %d has buttons: %v; only the last should", i, has)
		}
	}
}

func TestRoleIsMentionedOnceAndAlone(t *testing.T) {
	t.Parallel()
	p := paper("en-US")
	p.Edition, p.Role = bigEdition(), 99
	for i, m := range Digest(p) {
		var want []int64
		if i == 0 {
			want = []int64{99}
		}
		if !slices.Equal(m.Roles, want) {
			t.Errorf("message %d may mention %v, want %v", i, m.Roles, want)
		}
		if got := strings.Contains(strings.Join(contents([]discord.Message{m}), "\n"), "<@&99>"); got != (i == 0) {
			t.Errorf("message %d mentions the role: %v", i, got)
		}
	}
}

func TestColorIsTheAdminsOrOurs(t *testing.T) {
	t.Parallel()
	for color, want := range map[int]int{0: Accent, 0xAA3355: 0xAA3355, -1: Accent, 0x1000000: Accent} {
		p := paper("en-US")
		p.Color = color
		if got := *Digest(p)[0].Components[0].AccentColor; got != want {
			t.Errorf("color %#x became %#x, want %#x", color, got, want)
		}
	}
}

func TestLinesWithoutCardsNeedNoHeading(t *testing.T) {
	t.Parallel()
	p := paper("en-US")
	p.Edition.Cards = nil
	p.Edition = counted(p.Edition)
	if got := strings.Join(contents(Digest(p)), "\n"); strings.Contains(got, "Also today") {
		t.Errorf("a digest of lines alone says “Also today”:\n%s", got)
	}
}

func TestPagesShowEveryStoryBelowTheCardsOnce(t *testing.T) {
	t.Parallel()
	p := paper("en-US")
	p.Edition = bigEdition()
	rest := append(slices.Clone(p.Edition.Lines), p.Edition.More...)
	var want, got []string
	for _, s := range rest {
		want = append(want, fmt.Sprint(s.Lead.ID))
	}
	pages := (len(rest) + PerPage - 1) / PerPage
	for page := range pages {
		m := Page(p, page)
		for _, o := range selects(m)[0].Options {
			got = append(got, o.Value)
		}
		var around []string
		if page > 0 {
			around = append(around, fmt.Sprintf("‹ Previous page v1:dpage:7:41:%d", page-1))
		}
		if page < pages-1 {
			around = append(around, fmt.Sprintf("Next page › v1:dpage:7:41:%d", page+1))
		}
		if diff := cmp.Diff(around, buttons(m)); diff != "" {
			t.Errorf("page %d: buttons (-want +got):\n%s", page, diff)
		}
		if all := strings.Join(contents([]discord.Message{m}), "\n"); !strings.Contains(all, fmt.Sprintf("-# Page %d of %d", page+1, pages)) {
			t.Errorf("page %d does not say so:\n%s", page, all)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stories on the pages (-want +got):\n%s", diff)
	}
}

func TestPageBeyondTheLastIsTheLast(t *testing.T) {
	t.Parallel()
	p := paper("en-US")
	if diff := cmp.Diff(Page(p, 2), Page(p, 99)); diff != "" {
		t.Errorf("page 99 of 3 (-last +got):\n%s", diff)
	}
	if diff := cmp.Diff(Page(p, 0), Page(p, -4)); diff != "" {
		t.Errorf("page -4 (-first +got):\n%s", diff)
	}
}

func TestPickAsksForTheStory(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]string{
		KindPickSave: "Which one to save?", KindPickUp: "Which one did you like?", KindPickDown: "Which one was not for you?",
	} {
		menu := selects(PickArticle(reader("en-US"), kind, edition()))
		if len(menu) != 1 || menu[0].Placeholder != want || menu[0].CustomID != "v1:"+kind {
			t.Errorf("%s: %+v", kind, menu)
		}
	}
	if m := PickArticle(reader("en-US"), KindPickSave, digest.Edition{}); m.Empty() || len(violations(m)) > 0 {
		t.Errorf("nothing to pick gave %+v", m)
	}
}

func TestFoldedSaysHowManyAndNamesThemAll(t *testing.T) {
	t.Parallel()
	if got := Folded(reader("en-US"), nil); got != nil {
		t.Errorf("nothing folded gave %d messages", len(got))
	}
	var stories []digest.Story
	for i := range int64(90) {
		stories = append(stories, digest.Story{Lead: article(i+1, "Harbour Post", fmt.Sprintf("Piece-%d-end", i+1), 1)})
	}
	messages := Folded(reader("de"), stories)
	all := strings.Join(contents(messages), "\n")
	if !strings.HasPrefix(all, "### ＋90 weitere\n") {
		t.Errorf("begins %.60q", all)
	}
	for i := range stories {
		if n := strings.Count(all, fmt.Sprintf("Piece-%d-end", i+1)); n != 1 {
			t.Errorf("piece %d is named %d times", i+1, n)
		}
	}
	for i, m := range messages {
		for _, v := range violations(m) {
			t.Errorf("message %d: %s", i, v)
		}
	}
}

func BenchmarkDigest(b *testing.B) {
	p := paper("de")
	p.Edition = bigEdition()
	b.ReportAllocs()
	for b.Loop() {
		Digest(p)
	}
}

func TestArticlesTooManyToBeLookedAtAreCountedWithTheRest(t *testing.T) {
	t.Parallel()
	p := Paper{Locale: "en-US", Edition: digest.Edition{
		Lines: []digest.Story{{Lead: digest.Article{ID: 1, Title: "Ferries", Source: "Quay"}}},
		More:  []digest.Story{{Lead: digest.Article{ID: 2, Title: "Lamps", Source: "Quay"}}}, Stories: 2, Articles: 2, Feeds: 1, Beyond: 1200,
	}}
	if text := PlainText(Digest(p)); !strings.Contains(text, "1,201 more") {
		t.Errorf("the digest does not count them:\n%s", text)
	}
}
