package command_test

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet/bot/command"
	"broadsheet/bot/digest"
	"broadsheet/bot/discord"
	"broadsheet/bot/store"
	"broadsheet/feeds"
)

// The ids of a small world: a server with two channels, and another server.
const (
	guild   = 100
	news    = 101
	island  = 102
	voice   = 103
	foreign = 200 // another server
	theirs  = 201 // its channel
	admin   = 301
	member  = 302
)

// rig is the handlers on a real store, between borders that a test controls.
type rig struct {
	t       *testing.T
	store   *store.Store
	router  *discord.Router
	web     *web
	discord *channels
	visitor *visitor
	press   *press
	log     *strings.Builder
}

func newRig(t *testing.T) *rig {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "rig.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	g := &rig{t: t, store: s, log: &strings.Builder{}, press: &press{}}
	g.web = &web{candidates: map[string][]feeds.Candidate{}, pages: map[string]feeds.Page{}, errs: map[string]error{}}
	g.discord = &channels{all: map[int64]discord.Channel{
		news:   {ID: news, GuildID: guild, Name: "news", Kind: discord.ChannelText},
		island: {ID: island, GuildID: guild, Name: "island", Kind: discord.ChannelText},
		voice:  {ID: voice, GuildID: guild, Name: "voice", Kind: discord.ChannelVoice},
		theirs: {ID: theirs, GuildID: foreign, Name: "theirs", Kind: discord.ChannelText},
	}}
	g.visitor = &visitor{g: g, items: map[string][]feeds.Item{}}
	log := slog.New(slog.NewTextHandler(g.log, nil))
	g.router = discord.NewRouter(log)
	g.router.Words = command.Words
	command.Register(g.router, command.Deps{
		Arrived: func() {},
		Store:   s, Web: g.web, Discord: g.discord, Visitor: g.visitor, Press: g.press, Log: log, Zone: "UTC",
	})
	for id, name := range map[int64]string{guild: "Harbour Town", foreign: "Elsewhere"} {
		if err := s.SaveGuild(t.Context(), store.Guild{ID: id, Name: name, Locale: "en-US"}); err != nil {
			t.Fatal(err)
		}
	}
	return g
}

// request is one of the admin in the news channel.
func request(kind discord.RequestKind) *discord.Request {
	return &discord.Request{
		ID: 1, GuildID: guild, ChannelID: news, UserID: admin, UserName: "Ada", Kind: kind,
		Locale: "en-US", GuildLocale: "en-US", MessageID: 900,
		Permissions: discord.ManageServer | int64(discord.SendMessages), Options: map[string]string{},
	}
}

// slash makes a request of a command with options in pairs.
func slash(path string, options ...string) *discord.Request {
	r := request(discord.RequestCommand)
	r.Command = path
	for i := 0; i+1 < len(options); i += 2 {
		r.Options[options[i]] = options[i+1]
	}
	return r
}

// press makes a request of a button with a custom id.
func pressed(customID string, values ...string) *discord.Request {
	r := request(discord.RequestComponent)
	r.CustomKind, r.CustomArgs, _ = discord.DecodeID(customID)
	r.Values = values
	return r
}

// typing makes a request for suggestions.
func typing(path, option, typed string) *discord.Request {
	r := slash(path, option, typed)
	r.Kind, r.Focused = discord.RequestAutocomplete, option
	return r
}

// by makes r somebody's who manages nothing.
func by(user int64, r *discord.Request) *discord.Request {
	r.UserID, r.Permissions = user, int64(discord.SendMessages)
	return r
}

// in makes r that of another language.
func in(locale string, r *discord.Request) *discord.Request {
	r.Locale = locale
	return r
}

// ask returns the reply to r, which must not be a refusal.
func (g *rig) ask(r *discord.Request) discord.Reply {
	g.t.Helper()
	reply, err := g.router.Serve(g.t.Context(), r)
	if err != nil {
		g.t.Fatalf("%s%s %v refused: %v\n%s", r.Command, r.CustomKind, r.Options, err, g.log)
	}
	return reply
}

// says returns the text of the reply to r.
func (g *rig) says(r *discord.Request) string {
	g.t.Helper()
	return told(g.ask(r).Message)
}

// refusal returns the words with which r is refused.
func (g *rig) refusal(r *discord.Request) string {
	g.t.Helper()
	reply, err := g.router.Serve(g.t.Context(), r)
	var user *discord.UserError
	if !errors.As(err, &user) {
		g.t.Fatalf("%s%s %v %v was not refused but got %v:\n%s", r.Command, r.CustomKind, r.Options, r.CustomArgs, err, told(reply.Message))
	}
	return strings.TrimSpace(user.Text + "\n" + user.Hint)
}

// wantText fails unless text holds every one of want.
func wantText(t *testing.T, text string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("lacks %q:\n%s", w, text)
		}
	}
}

// lacksText fails if text holds any of unwanted.
func lacksText(t *testing.T, text string, unwanted ...string) {
	t.Helper()
	for _, u := range unwanted {
		if strings.Contains(text, u) {
			t.Errorf("holds %q:\n%s", u, text)
		}
	}
}

// told is every text of a message, in order.
func told(m discord.Message) string {
	var out []string
	if m.Content != "" {
		out = append(out, m.Content)
	}
	each(m.Components, func(c discord.Component) {
		for _, s := range []string{c.Content, c.Label, c.Placeholder} {
			if s != "" {
				out = append(out, s)
			}
		}
		for _, o := range c.Options {
			out = append(out, o.Label)
		}
	})
	return strings.Join(out, "\n")
}

// each visits every component, nested ones included.
func each(cs []discord.Component, visit func(discord.Component)) {
	for _, c := range cs {
		visit(c)
		each(c.Components, visit)
		if c.Accessory != nil {
			each([]discord.Component{*c.Accessory}, visit)
		}
	}
}

// id returns the first custom id of the given kind in m, "" if there is none;
// the labels of buttons tell several apart.
func id(m discord.Message, kind string, label ...string) string {
	found := ""
	each(m.Components, func(c discord.Component) {
		k, _, ok := discord.DecodeID(c.CustomID)
		if ok && k == kind && found == "" && (len(label) == 0 || c.Label == label[0]) {
			found = c.CustomID
		}
	})
	return found
}

// values are those of the menu of the given kind in m.
func values(m discord.Message, kind string) []string {
	var found []string
	each(m.Components, func(c discord.Component) {
		if k, _, ok := discord.DecodeID(c.CustomID); ok && k == kind {
			for _, o := range c.Options {
				found = append(found, o.Value)
			}
		}
	})
	return found
}

// names are those of choices.
func names(choices []discord.Choice) []string {
	out := make([]string, len(choices))
	for i, c := range choices {
		out[i] = c.Name
	}
	return out
}

// article is an item of a feed about a subject.
func article(id, title, subject string) feeds.Item {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id)) // a hash takes everything
	return feeds.Item{
		ID: id, Title: title, Link: "https://paper.example/" + id, Published: time.Now().Add(-time.Hour),
		Text: strings.Repeat(fmt.Sprintf("The council spoke about %s on Monday evening in the old town hall. ", subject), 1) +
			fmt.Sprintf("Seventeen speakers wanted to know what %s will cost the harbour. ", subject) +
			fmt.Sprintf("A decision about %s is expected before the summer begins. ", subject) +
			fmt.Sprintf("Fishermen and shopkeepers alike have waited for %s since the great storm. ", subject) +
			"The mayor thanked everybody for coming and closed the meeting at midnight.",
		Keys: []feeds.Key{feeds.Key(h.Sum64())},
	}
}

// paper makes a feed with articles, followed by a channel of the server, or of
// the other one where the channel is theirs.
func (g *rig) paper(url, title string, channel int64, items ...feeds.Item) store.Subscription {
	g.t.Helper()
	f, _, err := g.store.AddFeed(g.t.Context(), url, title)
	if err != nil {
		g.t.Fatal(err)
	}
	where := int64(guild)
	if channel == theirs {
		where = foreign
	}
	g.visitor.items[url] = items
	if _, err := g.visitor.VisitNow(g.t.Context(), f.ID); err != nil {
		g.t.Fatal(err)
	}
	sub, err := g.store.Subscribe(g.t.Context(), store.Subscription{
		GuildID: where, ChannelID: channel, FeedID: f.ID, Mode: store.ModeDigest,
	}, store.Backlog{Articles: 100})
	if err != nil {
		g.t.Fatal(err)
	}
	return sub
}

// find is the id of the article with a title.
func (g *rig) find(title string) int64 {
	g.t.Helper()
	all, _, err := g.store.Latest(g.t.Context(), store.Query{Limit: 100})
	if err != nil {
		g.t.Fatal(err)
	}
	for _, a := range all {
		if a.Title == title {
			return a.ID
		}
	}
	g.t.Fatalf("no article %q", title)
	return 0
}

// subs are the server's subscriptions.
func (g *rig) subs() []store.Subscription {
	g.t.Helper()
	all, err := g.store.Subscriptions(g.t.Context(), store.SubscriptionFilter{GuildID: guild})
	if err != nil {
		g.t.Fatal(err)
	}
	return all
}

// digests are the server's digests.
func (g *rig) digests() []store.Digest {
	g.t.Helper()
	all, err := g.store.Digests(g.t.Context(), store.DigestFilter{GuildID: guild})
	if err != nil {
		g.t.Fatal(err)
	}
	return all
}

// print makes an edition of a digest with the given articles, one a card, and
// returns its number.
func (g *rig) print(d store.Digest, fate store.Fate, articles ...int64) int64 {
	g.t.Helper()
	ctx := g.t.Context()
	leased, err := g.store.LeaseDigest(ctx, d.ID, time.Minute)
	if err != nil {
		g.t.Fatal(err)
	}
	e := store.Edition{
		DigestID: d.ID, GuildID: d.GuildID, ChannelID: d.ChannelID, Mode: store.ModeDigest, Ordinal: leased.Edition + 1,
		Messages: []store.Outgoing{{Kind: "digest", Payload: []byte("{}")}},
	}
	for _, id := range articles {
		a, err := g.store.Article(ctx, id)
		if err != nil {
			g.t.Fatal(err)
		}
		e.Taken = append(e.Taken, store.Taken{ArticleID: id, FeedID: a.FeedID, Fate: fate})
	}
	if _, err := g.store.Publish(ctx, e); err != nil {
		g.t.Fatal(err)
	}
	return e.Ordinal
}

// web is the commands' web.
type web struct {
	candidates map[string][]feeds.Candidate
	pages      map[string]feeds.Page
	errs       map[string]error
	asked      []string
}

func (w *web) Discover(_ context.Context, address string) ([]feeds.Candidate, error) {
	w.asked = append(w.asked, address)
	return w.candidates[address], w.errs[address]
}

func (w *web) Page(_ context.Context, address string) (feeds.Page, error) {
	w.asked = append(w.asked, address)
	p, ok := w.pages[address]
	if err := w.errs[address]; err != nil || ok {
		return p, err
	}
	return p, &feeds.Error{Kind: feeds.NotFound, Status: 404, URL: address}
}

// channels is the commands' Discord.
type channels struct {
	all     map[int64]discord.Channel
	lacking []discord.Permission
	members map[[2]int64]int64 // server and person → permissions
	err     error
	asked   int
}

func (c *channels) Channel(_ context.Context, id int64) (discord.Channel, error) {
	c.asked++
	ch, ok := c.all[id]
	switch {
	case c.err != nil:
		return ch, c.err
	case !ok:
		return ch, &discord.Error{Status: 404, Code: 10003, Err: errors.New("unknown channel")}
	}
	return ch, nil
}

func (c *channels) Missing(context.Context, int64, int64) ([]discord.Permission, error) {
	return c.lacking, nil
}

func (c *channels) MemberPermissions(_ context.Context, guildID, userID int64) (int64, error) {
	return c.members[[2]int64{guildID, userID}], c.err
}

// visitor visits feeds by recording the articles that a test gave them.
type visitor struct {
	g     *rig
	items map[string][]feeds.Item
	fails []error // errors of the next visits
	bad   *feeds.Error
	asked int
	// during is called while a feed is visited; nil for nothing.
	during func()
}

func (v *visitor) VisitNow(ctx context.Context, feedID int64) (feeds.Visit, error) {
	v.asked++
	if v.during != nil {
		v.during()
	}
	if len(v.fails) > 0 {
		err := v.fails[0]
		v.fails = v.fails[1:]
		if err != nil {
			return feeds.Visit{}, err
		}
	}
	if v.bad != nil {
		return feeds.Visit{Err: v.bad}, nil
	}
	f, err := v.g.store.LeaseFeed(ctx, feedID, time.Minute)
	if err != nil {
		return feeds.Visit{}, err
	}
	state := f.State
	now := time.Now()
	visit := feeds.Visit{
		At: now, Status: 200, State: state, Next: now.Add(time.Hour),
		Feed: &feeds.Feed{Title: f.Title, Items: v.items[f.State.URL]},
	}
	_, err = v.g.store.RecordVisits(ctx, []store.VisitRecord{{FeedID: feedID, Visit: visit, Items: v.items[f.State.URL]}})
	return visit, err
}

// press is the commands' printing press.
type press struct {
	messages []discord.Message
	edition  digest.Edition
	err      error
	ran      []string
}

func (p *press) Preview(context.Context, store.Digest) ([]discord.Message, digest.Edition, error) {
	return p.messages, p.edition, p.err
}

func (p *press) Run(_ context.Context, d store.Digest) (digest.Edition, error) {
	p.ran = append(p.ran, d.Name)
	return p.edition, p.err
}
