package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"broadsheet/bot/command"
	"broadsheet/bot/discord"
	"broadsheet/bot/render"
	"broadsheet/bot/store"
	"broadsheet/feeds"
)

const (
	// failingFor is how long a feed fails before its admins are told. Most
	// trouble passes in that time, a site's maintenance page in place of a feed
	// included, so it holds for every kind of failure but the publisher's end.
	failingFor = 24 * time.Hour
	// A feed that fails for this long comes along where its admins are written
	// to of another one: the feeds of a host that died make one message.
	failingAlong = 12 * time.Hour
	// hopelessFor is how long a feed fails before it is paused.
	hopelessFor = 30 * 24 * time.Hour
	// silentFor is how long a feed that can be read brings nothing before its
	// admins are told, or longer where it is slow.
	silentFor = 30 * 24 * time.Hour
	// silentLook is how often silent feeds are looked for: that reads all rows.
	silentLook = time.Hour
	// Nobody is told while most hosts, and at least so many, began to fail
	// within a week: that is the network on this side.
	troubleHosts = 3
	troubleMost  = 7 * 24 * time.Hour
	// ailingAtOnce bounds the feeds of one tick; the next takes the rest.
	ailingAtOnce = 500
)

// patience is what the store is asked with. Three failures in a row, and
// fourteen for giving up, keep a feed from being judged by the one visit
// before and the one after a long absence of the bot.
func patience() store.Patience {
	return store.Patience{Failing: failingAlong, Failures: 3, Hopeless: hopelessFor, HopelessFailures: 14}
}

// ailing is a feed whose admins are to be told.
type ailing struct {
	store.HealthTold
	due  bool // reason enough for a message of its own
	subs []store.Subscription
}

// addressee is a person as the admin of one server.
type addressee struct{ guild, user int64 }

// Tick tells admins of feeds whose health has changed, once for each change:
// those who set the feed up and may still manage the server. What is told and
// the messages that tell it are one transaction.
func (h *herald) Tick(ctx context.Context) error {
	if !h.people.Connected() {
		h.troubled = time.Now()
		return nil
	}
	failing, err := h.store.FailingFeeds(ctx, patience(), ailingAtOnce)
	if err != nil {
		return err
	}
	silent, err := h.silent(ctx)
	if err != nil || len(failing)+len(silent) == 0 {
		return err
	}
	if bad, err := h.inTrouble(ctx); bad || err != nil {
		return err
	}
	all := h.judge(failing, silent)
	if !slices.ContainsFunc(all, func(a ailing) bool { return a.due }) {
		return nil
	}
	if err := h.announce(ctx, all); err != nil {
		h.looked = time.Time{} // the silent among them are looked for again
		return fmt.Errorf("tell of feeds: %w", err)
	}
	return nil
}

// silent lists feeds that have fallen silent, once an hour.
func (h *herald) silent(ctx context.Context) ([]store.Feed, error) {
	if time.Since(h.looked) < silentLook {
		return nil, nil
	}
	h.looked = time.Now()
	return h.store.SilentFeeds(ctx, silentFor, ailingAtOnce)
}

// inTrouble reports whether most hosts fail at once. Then no feed is judged by
// a visit until this is over.
func (h *herald) inTrouble(ctx context.Context) (bool, error) {
	now := time.Now()
	failing, hosts, err := h.store.Reach(ctx, now.Add(-troubleMost))
	if err != nil {
		return false, err
	}
	bad := failing >= troubleHosts && 2*failing > hosts
	if bad {
		h.troubled = now
	}
	if bad && !h.suspect {
		h.log.Warn("most hosts of feeds fail at once: is it the network here? No admin is told of it", "failing", failing, "hosts", hosts)
	}
	h.suspect = bad
	return bad, nil
}

// judge says what is to be told of feeds. One that has not been visited since
// the network here was in trouble may be well.
func (h *herald) judge(failing, silent []store.Feed) []ailing {
	now := time.Now()
	var all []ailing
	for _, f := range failing {
		a := ailing{HealthTold: store.HealthTold{Feed: f, Told: store.ToldFailing}, due: now.Sub(f.FailingSince) >= failingFor}
		switch {
		case f.Gone:
			a.Told, a.due = store.ToldStopped, true
		case !f.LastPoll.After(h.troubled):
			continue
		case f.Told == store.ToldFailing:
			a.Told, a.Pause = store.ToldStopped, true
		}
		all = append(all, a)
	}
	for _, f := range silent {
		all = append(all, ailing{HealthTold: store.HealthTold{Feed: f, Told: store.ToldSilent}, due: true})
	}
	return all
}

// announce writes one letter to each admin of each server.
func (h *herald) announce(ctx context.Context, all []ailing) error {
	ids := make([]int64, len(all))
	for i, a := range all {
		ids[i] = a.Feed.ID
	}
	followers, err := h.store.Followers(ctx, ids)
	if err != nil {
		return err
	}
	letters := map[addressee][]ailing{}
	var told []store.HealthTold
	known := map[addressee]bool{}
	deliver := func(a ailing, due bool) error {
		to, err := h.admins(ctx, a.Feed.ID, followers, known)
		if err != nil {
			return err
		}
		along := len(to) > 0
		for who := range to {
			along = along && len(letters[who]) > 0
		}
		if !due && !along {
			return nil // its day will come
		}
		told = append(told, a.HealthTold)
		for who, subs := range to {
			a.subs = subs
			letters[who] = append(letters[who], a)
		}
		if a.Pause || len(to) == 0 {
			h.log.Warn("feed is not well", "feed", a.Feed.ID, "url", feeds.MaskURL(a.Feed.State.URL), "told", a.Told, "admins", len(to),
				"error", a.Feed.LastErrorKind, "since", a.Feed.FailingSince, "paused", a.Pause)
		}
		return nil
	}
	for _, due := range []bool{true, false} {
		for _, a := range all {
			if a.due != due {
				continue
			}
			if err := deliver(a, due); err != nil {
				return err
			}
		}
	}
	return h.post(ctx, told, letters)
}

// post queues the letters and notes what they tell.
func (h *herald) post(ctx context.Context, told []store.HealthTold, letters map[addressee][]ailing) error {
	var notices []store.DirectNotice
	order := slices.SortedFunc(maps.Keys(letters), func(a, b addressee) int {
		return cmp.Or(cmp.Compare(a.user, b.user), cmp.Compare(a.guild, b.guild))
	})
	for _, to := range order {
		channel, err := h.people.DirectChannel(ctx, to.user)
		switch {
		case final(err):
			h.log.Warn("notice not sent", "user", to.user, "err", err)
			continue
		case err != nil:
			return err
		}
		message, err := h.letter(ctx, to, letters[to])
		if err != nil {
			return err
		}
		queued, err := outgoing(kindNotice, []discord.Message{message})
		if err != nil {
			return err
		}
		notices = append(notices, store.DirectNotice{ChannelID: channel, Message: queued[0]})
	}
	err := h.store.TellHealth(ctx, told, notices)
	if errors.Is(err, store.ErrLeaseLost) {
		h.log.Debug("a feed changed while its admins were to be told; the next look will tell", "err", err)
		return nil
	}
	if err != nil {
		return err
	}
	h.log.Info("told admins of feeds", "feeds", len(told), "messages", len(notices))
	h.wake()
	return nil
}

// admins are the people to be told of a feed, with their subscriptions of it.
// known remembers who may manage which server.
func (h *herald) admins(ctx context.Context, feedID int64, followers []store.Subscription, known map[addressee]bool) (map[addressee][]store.Subscription, error) {
	to := map[addressee][]store.Subscription{}
	for _, sub := range followers {
		if sub.FeedID != feedID {
			continue
		}
		who, ok, err := h.adminOf(ctx, sub, known)
		if err != nil {
			return nil, err
		}
		if ok {
			to[who] = append(to[who], sub)
		}
	}
	return to, nil
}

// adminOf is whoever made the channel follow the feed, else whoever set
// something up there last, as far as they may still manage the server.
func (h *herald) adminOf(ctx context.Context, sub store.Subscription, known map[addressee]bool) (who addressee, ok bool, err error) {
	who = addressee{sub.GuildID, sub.CreatedBy}
	// Mostly it is they: then the channel's other subscriptions, hundreds
	// perhaps, need not be read for each of its feeds.
	if ok, err = h.manages(ctx, who, known); ok || err != nil {
		return who, ok, err
	}
	keepers, err := h.keepers(ctx, sub.ChannelID)
	if err != nil {
		return who, false, err
	}
	for _, who.user = range keepers {
		if ok, err = h.manages(ctx, who, known); ok || err != nil {
			return who, ok, err
		}
	}
	return who, false, nil
}

// manages reports whether a person may manage their server.
func (h *herald) manages(ctx context.Context, who addressee, known map[addressee]bool) (bool, error) {
	if may, asked := known[who]; asked || who.user == 0 {
		return may, nil
	}
	has, err := h.people.MemberPermissions(ctx, who.guild, who.user)
	if err != nil {
		return false, err
	}
	known[who] = has&(discord.ManageServer|discord.Administrator) != 0
	return known[who], nil
}

// letter is what one admin reads.
func (h *herald) letter(ctx context.Context, to addressee, all []ailing) (discord.Message, error) {
	reader, server, err := h.reader(ctx, to.guild)
	if err != nil {
		return discord.Message{}, err
	}
	var notices []render.FeedNotice
	for _, a := range all {
		f := a.Feed
		f.Told, f.Paused = a.Told, f.Paused || a.Pause
		n := render.FeedNotice{FeedRow: command.FeedRow(f, reader.Now), FeedID: f.ID, GuildID: to.guild, Server: server}
		n.Title = a.subs[0].Name()
		for _, s := range a.subs {
			n.Channels = append(n.Channels, s.ChannelID)
		}
		notices = append(notices, n)
	}
	if len(notices) == 1 {
		return render.Feed(reader, notices[0]), nil
	}
	return render.Feeds(reader, server, notices), nil
}
