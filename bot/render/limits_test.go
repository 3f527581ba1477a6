package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"broadsheet/bot/digest"
	"broadsheet/bot/discord"
)

// violations judges a message by Discord's rules (documentation, "Component
// Reference"), written down here a second time so that a slip in the layout and
// one in the judge do not cancel out.
func violations(m discord.Message) []string {
	j := judge{ids: map[string]bool{}}
	if len(m.Components) == 0 || !m.V2() && len(m.Components) > 5 {
		j.say("%d components at the top", len(m.Components))
	}
	for _, c := range m.Components {
		j.component(c, discord.TypeContainer, discord.TypeText, discord.TypeRow)
	}
	if j.count > 40 {
		j.say("%d components", j.count)
	}
	if j.text > 4000 {
		j.say("%d characters of text", j.text)
	}
	return j.said
}

type judge struct {
	said        []string
	ids         map[string]bool
	count, text int
}

func (j *judge) say(format string, args ...any) {
	j.said = append(j.said, fmt.Sprintf(format, args...))
}

func (j *judge) length(what, s string, least, most int) {
	if n := utf8.RuneCountInString(s); n < least || n > most {
		j.say("%s has %d characters: %.40q", what, n, s)
	}
}

func (j *judge) component(c discord.Component, allowed ...discord.ComponentType) {
	j.count++
	if !slices.Contains(allowed, c.Type) {
		j.say("component of type %d where only %v may stand", c.Type, allowed)
	}
	switch c.Type {
	case discord.TypeContainer:
		if len(c.Components) == 0 {
			j.say("empty container")
		}
		for _, d := range c.Components {
			j.component(d, discord.TypeText, discord.TypeSection, discord.TypeSeparator, discord.TypeRow)
		}
	case discord.TypeText:
		j.length("text", strings.TrimSpace(c.Content), 1, 4000)
		j.text += utf8.RuneCountInString(c.Content)
	case discord.TypeSection:
		if len(c.Components) < 1 || len(c.Components) > 3 || c.Accessory == nil {
			j.say("section of %d texts, accessory %v", len(c.Components), c.Accessory)
			return
		}
		for _, d := range c.Components {
			j.component(d, discord.TypeText)
		}
		j.component(*c.Accessory, discord.TypeThumbnail, discord.TypeButton)
	case discord.TypeThumbnail:
		j.address(c.Media.URL, 2048)
		j.length("thumbnail's description", c.Description, 1, 1024)
	case discord.TypeRow:
		if n := len(c.Components); n < 1 || n > 5 || n > 1 && c.Components[0].Type == discord.TypeSelect {
			j.say("row of %d", n)
		}
		for _, d := range c.Components {
			j.component(d, discord.TypeButton, discord.TypeSelect)
		}
	case discord.TypeButton:
		j.button(c)
	case discord.TypeSelect:
		j.menu(c)
	}
}

func (j *judge) button(c discord.Component) {
	j.length("label", c.Label, 0, 80)
	if c.Label == "" && c.Emoji == nil {
		j.say("button without label and emoji")
	}
	if c.Style == discord.StyleLink {
		j.address(c.URL, 512)
		return
	}
	j.id(c.CustomID)
}

func (j *judge) menu(c discord.Component) {
	j.id(c.CustomID)
	j.length("placeholder", c.Placeholder, 0, 150)
	if n := len(c.Options); n < 1 || n > 25 {
		j.say("menu of %d options", n)
	}
	values := map[string]bool{}
	for _, o := range c.Options {
		j.length("option's label", strings.TrimSpace(o.Label), 1, 100)
		j.length("option's value", o.Value, 1, 100)
		j.length("option's description", o.Description, 0, 100)
		if values[o.Value] {
			j.say("value %q stands twice", o.Value)
		}
		values[o.Value] = true
	}
}

// id judges a custom id: that it fits, is the only one of its kind, and says
// what the Kind constants promise.
func (j *judge) id(id string) {
	j.length("custom id", id, 1, 100)
	if j.ids[id] {
		j.say("custom id %q stands twice", id)
	}
	j.ids[id] = true
	kind, args, ok := discord.DecodeID(id)
	want, known := map[string]int{
		KindRead: 2, KindDigestSave: 2, KindDigestUp: 2, KindDigestDown: 2, KindDigestPage: 3,
		KindPickSave: 0, KindPickUp: 0, KindPickDown: 0, KindSave: 1, KindUnsave: 1, KindUp: 1, KindDown: 1,
		KindSearch: 3, KindLatest: 2, KindSaved: 1, KindFeeds: 2, KindDigests: 2, KindShare: -1,
		KindChoose: 3, KindBacklog: 2, KindUndo: -1, KindRetry: 2, KindPause: 2, KindRemove: 2, KindHealth: 1,
	}[kind]
	if !ok || !known || want >= 0 && len(args) != want {
		j.say("custom id %q has kind %q and arguments %q", id, kind, args)
	}
}

func (j *judge) address(s string, most int) {
	u, err := url.ParseRequestURI(s)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || len(s) > most {
		j.say("address %.80q does not fit", s)
	}
}

func TestEveryLayoutKeepsDiscordsLimits(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"en-US", "de", "fr", "es-ES", "pt-BR", "ja"} {
		for name, messages := range goldens(locale) {
			if len(messages) == 0 {
				t.Errorf("%s/%s: no message", locale, name)
			}
			for i, m := range messages {
				for _, v := range violations(m) {
					t.Errorf("%s/%s, message %d: %s", locale, name, i, v)
				}
			}
		}
	}
}

// TestDiscordsDocumentAcceptsEveryLayout asks Discord's own description of its
// API, where it is at hand.
func TestDiscordsDocumentAcceptsEveryLayout(t *testing.T) {
	t.Parallel()
	schema := openAPI(t)
	for _, locale := range []string{"en-US", "ja"} {
		for name, messages := range goldens(locale) {
			for i, m := range messages {
				wire, err := json.Marshal(m)
				if err != nil {
					t.Fatal(err)
				}
				value, err := jsonschema.UnmarshalJSON(bytes.NewReader(wire))
				if err != nil {
					t.Fatal(err)
				}
				if err := schema.Validate(value); err != nil {
					t.Errorf("%s/%s, message %d: %v", locale, name, i, err)
				}
			}
		}
	}
}

// openAPI compiles the body of "create message", or skips the test.
func openAPI(t *testing.T) *jsonschema.Schema {
	t.Helper()
	shared := os.Getenv("BROADSHEET_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	body, err := os.ReadFile(filepath.Join(shared, "discord", "openapi.json"))
	if err != nil {
		t.Skip("needs shared/discord/openapi.json")
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource("discord.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("discord.json#/paths/~1channels~1%7Bchannel_id%7D~1messages/post/requestBody/content/application~1json/schema")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// contents returns every text of the messages.
func contents(messages []discord.Message) []string {
	var out []string
	var walk func(cs []discord.Component)
	walk = func(cs []discord.Component) {
		for _, c := range cs {
			if c.Type == discord.TypeText {
				out = append(out, c.Content)
			}
			walk(c.Components)
		}
	}
	for _, m := range messages {
		walk(m.Components)
	}
	return out
}

var (
	ourLink = regexp.MustCompile(`\[((?:\\.|[^\]\\])*)\]\(<https?://[^>\s]*>\)`)
	pair    = regexp.MustCompile(`\\[^\pL\pN\s]`)
	bare    = regexp.MustCompile(`https?://[^\s<>"|` + "`" + `\[\]()*\\]+`)
)

func TestForeignTextIsHarmless(t *testing.T) {
	t.Parallel()
	r := reader("en-US")
	p := hostilePaper("en-US")
	messages := Digest(p)
	for i, s := range p.Edition.Cards {
		hostile := s.Lead.Title
		messages = append(messages, Card(r, s),
			ArticleReply(r, Text{Article: s.Lead, Sentences: s.Summary}),
			Search(r, Results{Query: hostile, Total: 9, Hits: []Hit{{Article: s.Lead, Excerpt: hostile, Marks: []Mark{{0, len(hostile) / 2}, {2, 1}, {5, 99999}}}}}),
			Latest(r, Listing{Feed: hostile, Articles: []digest.Article{s.Lead}, Total: 1}),
			FeedList(r, []FeedRow{{Title: hostile, SiteURL: s.Lead.Link, ChannelID: int64(i)}}, 0, 0),
			DigestList(r, []DigestRow{{Name: hostile, Schedule: hostile}}, 0, 0),
			DigestCreated(r, DigestRow{Name: hostile, Schedule: hostile}),
			FeedAdded(r, Added{Title: hostile, Newest: &s, Articles: 1, NewDigest: &DigestRow{Name: hostile, Schedule: hostile}}),
			ChooseFeed(r, hostile, 1, "", []Candidate{{URL: s.Lead.Link, Title: hostile}}),
			Removed(r, hostile, 1),
			Feed(r, FeedNotice{FeedRow: FeedRow{Title: hostile, SiteURL: s.Lead.Link}, Server: hostile}),
			Feeds(r, hostile, []FeedNotice{{FeedRow: FeedRow{Title: hostile, SiteURL: s.Lead.Link}}}),
			FeedHealth(r, []FeedNotice{{FeedRow: FeedRow{Title: hostile}}}, 1, 0),
			FeedInfo(r, FeedDetails{FeedNotice: FeedNotice{FeedRow: FeedRow{Title: hostile, ErrorKind: hostile}}, URL: hostile, Detail: hostile}))
	}
	messages = append(messages, Folded(r, p.Edition.Cards)...)
	for i, m := range messages {
		for _, v := range violations(m) {
			t.Errorf("message %d: %s", i, v)
		}
		if len(m.Roles) > 0 {
			t.Errorf("message %d mentions roles %v", i, m.Roles)
		}
	}
	for _, text := range contents(messages) {
		for _, row := range strings.Split(text, "\n") {
			if why := harm(row); why != "" {
				t.Errorf("%s in %q", why, row)
			}
		}
	}
}

// harm reports what of a row of markdown would take effect that this package
// did not put there.
func harm(row string) string {
	for _, r := range row {
		if hidden(r) && r != '\u200b' && r != '\u2068' && r != '\u2069' {
			return fmt.Sprintf("hidden character %U", r)
		}
	}
	if strings.Count(row, "\u2068") != strings.Count(row, "\u2069") {
		return "an open isolate"
	}
	if strings.Contains(row, "@everyone") || strings.Contains(row, "@here") {
		return "a mention of everybody"
	}
	rest := regexp.MustCompile(`^(## |### |-# |• )`).ReplaceAllString(row, "")
	rest = ourLink.ReplaceAllString(rest, "$1")
	rest = pair.ReplaceAllString(rest, "")
	rest = regexp.MustCompile(`<#\d+>`).ReplaceAllString(rest, "")
	rest = bare.ReplaceAllString(rest, "")
	rest = strings.ReplaceAll(rest, "**", "")
	if k := strings.IndexAny(rest, "*_~|[]<`"); k >= 0 {
		// Our own code spans hold commands only.
		if strings.Contains(rest, "`/") {
			return ""
		}
		return "markdown " + rest[k:min(len(rest), k+9)]
	}
	return ""
}

func TestDigestsOfAnySizeKeepTheirStoriesInOrder(t *testing.T) {
	t.Parallel()
	for seed := range uint64(24) {
		r := rand.New(rand.NewPCG(seed, 3))
		p := paper([]string{"en-US", "de", "ja"}[r.IntN(3)])
		p.Role = int64(r.IntN(2))
		p.Edition = digest.Edition{}
		story := func(n int) digest.Story {
			s := bridgeStory()
			s.Lead.ID, s.Lead.Title = int64(n+1), fmt.Sprintf("Title-%d-end", n)
			s.Summary = nil
			for range r.IntN(8) {
				s.Summary = append(s.Summary, strings.Repeat("Wörter ", 1+r.IntN(60))+"end.")
			}
			if r.IntN(2) == 0 {
				s.Lead.Image = ""
			}
			s.Lead.Link += "?" + strings.Repeat("q", r.IntN(900))
			return s
		}
		n := 0
		for _, part := range []*[]digest.Story{&p.Edition.Cards, &p.Edition.Lines, &p.Edition.More} {
			for range r.IntN(30) {
				*part = append(*part, story(n))
				n++
			}
		}
		p.Edition = counted(p.Edition)
		messages := Digest(p)
		for i, m := range messages {
			for _, v := range violations(m) {
				t.Errorf("seed %d, message %d: %s", seed, i, v)
			}
			if parts := discord.Split(m); len(parts) != 1 {
				t.Errorf("seed %d, message %d: discord.Split makes %d of it", seed, i, len(parts))
			}
		}
		var got, want []string
		for _, text := range contents(messages) {
			got = append(got, regexp.MustCompile(`Title-\d+-end`).FindAllString(text, -1)...)
		}
		for i := range len(p.Edition.Cards) + len(p.Edition.Lines) {
			want = append(want, fmt.Sprintf("Title-%d-end", i))
		}
		if !slices.Equal(want, got) {
			t.Errorf("seed %d: headlines\n got %v\nwant %v", seed, got, want)
		}
	}
}
