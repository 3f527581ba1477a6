package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// model is what a store should hold, kept in maps: for each channel which
// articles it may still print and which it has printed.
type model struct {
	t        *testing.T
	w        world
	r        *rand.Rand
	feeds    []int64
	channels []int64
	articles map[int64][]int64 // feed → its articles, in order
	next     map[int64]int     // feed → number of its next item
	subs     map[[2]int64]Subscription
	waiting  map[[2]int64]map[int64]bool // channel, feed → not taken yet
	taken    map[int64]map[int64]bool    // channel → taken
	outbox   map[int64][]string          // channel → payloads that must still arrive
}

// Random polls, subscriptions, removals, printings and deliveries: after every
// step the windows are what the model says, and in the end every channel got
// each message once and in order.
func TestRandomLivesAgreeWithAModel(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		for seed := range uint64(3) {
			m := &model{t: t, w: w, r: rand.New(rand.NewPCG(seed, 42)), articles: map[int64][]int64{}, next: map[int64]int{},
				subs: map[[2]int64]Subscription{}, waiting: map[[2]int64]map[int64]bool{}, taken: map[int64]map[int64]bool{}, outbox: map[int64][]string{}}
			for i := range 3 {
				m.feeds = append(m.feeds, w.feed(t, fmt.Sprintf("https://s%d-f%d.example/", seed, i)))
				w.record(t, m.feeds[i])
				c := int64(seed+1)*100 + int64(i)
				m.channels, m.taken[c] = append(m.channels, c), map[int64]bool{}
			}
			steps := []func(){m.poll, m.poll, m.subscribe, m.unsubscribe, m.publish, m.publish, m.deliver, m.backlog}
			for range 120 {
				steps[m.r.IntN(len(steps))]()
				m.check()
			}
			m.drain()
		}
	})
}

func (m *model) pick() (feed, channel int64, key [2]int64) {
	feed, channel = m.feeds[m.r.IntN(len(m.feeds))], m.channels[m.r.IntN(len(m.channels))]
	return feed, channel, [2]int64{channel, feed}
}

// poll brings up to three new items together with old ones.
func (m *model) poll() {
	feed, _, _ := m.pick()
	from := max(0, m.next[feed]-2)
	m.next[feed] += m.r.IntN(4)
	for _, id := range m.w.record(m.t, feed, items(upTo(from+1, m.next[feed])...)...) {
		m.articles[feed] = append(m.articles[feed], id)
		for key, set := range m.waiting {
			if key[1] == feed {
				set[id] = true
			}
		}
	}
	if got, want := len(m.articles[feed]), m.next[feed]; got != want {
		m.t.Fatalf("feed %d has %d articles after %d items", feed, got, want)
	}
}

// newest are the n newest articles of a feed that a channel has not taken,
// not above an id.
func (m *model) newest(feed, channel int64, n int, upTo int64) []int64 {
	var all []int64
	for _, id := range slices.Backward(m.articles[feed]) {
		if id <= upTo && len(all) < n && !m.taken[channel][id] {
			all = append(all, id)
		}
	}
	return all
}

func (m *model) subscribe() {
	feed, channel, key := m.pick()
	n := m.r.IntN(4)
	sub, err := m.w.Subscribe(m.w.ctx, Subscription{GuildID: channel / 100, ChannelID: channel, FeedID: feed, Mode: ModeDigest}, Backlog{Articles: n})
	if _, ok := m.subs[key]; ok {
		wantErr(m.t, err, ErrExists)
		return
	}
	must(m.t, err)
	m.subs[key], m.waiting[key] = sub, map[int64]bool{}
	for _, id := range m.newest(feed, channel, n, 1<<62) {
		m.waiting[key][id] = true
	}
}

func (m *model) backlog() {
	feed, channel, key := m.pick()
	sub, ok := m.subs[key]
	if !ok {
		return
	}
	n := m.r.IntN(4)
	must(m.t, m.w.SetBacklog(m.w.ctx, sub.ID, Backlog{Articles: n}))
	start := sub.Cursor // as Subscribe returned it
	for id := range m.waiting[key] {
		if id <= start {
			delete(m.waiting[key], id)
		}
	}
	for _, id := range m.newest(feed, channel, n, start) {
		m.waiting[key][id] = true
	}
}

func (m *model) unsubscribe() {
	_, _, key := m.pick()
	if sub, ok := m.subs[key]; ok && m.r.IntN(2) == 0 {
		_, err := m.w.Unsubscribe(m.w.ctx, sub.ID)
		must(m.t, err)
		delete(m.subs, key)
		delete(m.waiting, key)
	}
}

// publish prints a random part of a window; sometimes it is told of articles
// that were taken before, and must refuse.
func (m *model) publish() {
	_, channel, _ := m.pick()
	all := m.window(channel)
	m.r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	all = all[:m.r.IntN(len(all)+1)]
	e := takeAll(channel, 0, all...)
	for id := range m.taken[channel] {
		if m.r.IntN(8) == 0 {
			e.Taken = append(e.Taken, Taken{ArticleID: id, Fate: FateLine})
			_, err := m.w.Publish(m.w.ctx, e)
			wantErr(m.t, err, ErrLeaseLost)
			return
		}
		break
	}
	_, err := m.w.Publish(m.w.ctx, e)
	must(m.t, err)
	for i, id := range all {
		m.taken[channel][id] = true
		m.outbox[channel] = append(m.outbox[channel], string(e.Messages[i].Payload))
		for key, set := range m.waiting {
			if key[0] == channel {
				delete(set, id)
			}
		}
	}
}

// deliver leases what is ready; some of it fails and is tried again.
func (m *model) deliver() {
	for _, d := range got[[]Delivery](m.t)(m.w.LeaseDeliveries(m.w.ctx, 3, time.Minute)) {
		m.arrive(d)
	}
}

func (m *model) arrive(d Delivery) {
	queue := m.outbox[d.ChannelID]
	if len(queue) == 0 || queue[0] != string(d.Payload) {
		m.t.Fatalf("channel %d is sent %s, its outbox is %v", d.ChannelID, d.Payload, queue)
	}
	if m.r.IntN(3) == 0 && d.Attempt < 3 {
		must(m.t, m.w.RetryDelivery(m.w.ctx, d.ID, time.Now().Add(-time.Second), "502"))
		return
	}
	must(m.t, m.w.MarkSent(m.w.ctx, d.ID, d.ID))
	m.outbox[d.ChannelID] = queue[1:]
}

// window is what a channel may still print, by the model.
func (m *model) window(channel int64) []int64 {
	all := []int64{}
	for key, set := range m.waiting {
		if key[0] == channel {
			for id := range set {
				all = append(all, id)
			}
		}
	}
	slices.Sort(all)
	return all
}

func (m *model) check() {
	m.t.Helper()
	for _, c := range m.channels {
		sameIDs(m.t, fmt.Sprintf("window of channel %d", c), m.w.window(m.t, c, ModeDigest), m.window(c))
	}
}

// drain delivers everything and finds the outbox empty on both sides.
func (m *model) drain() {
	for range 10_000 {
		all := got[[]Delivery](m.t)(m.w.LeaseDeliveries(m.w.ctx, 10, time.Minute))
		if len(all) == 0 {
			break
		}
		for _, d := range all {
			m.arrive(d)
		}
	}
	for c, queue := range m.outbox {
		if len(queue) != 0 {
			m.t.Errorf("channel %d never got %v", c, queue)
		}
	}
	if _, ok, err := m.w.NextDelivery(m.w.ctx); ok || err != nil {
		m.t.Errorf("something waits in an empty outbox: %v", err)
	}
	for c, taken := range m.taken {
		for id := range taken {
			p, err := m.w.Why(m.w.ctx, c/100, id)
			must(m.t, err)
			if !slices.ContainsFunc(p.Channels, func(x ChannelPath) bool { return x.ChannelID == c && x.Fate == FateCard }) {
				m.t.Errorf("Why does not tell that channel %d printed article %d: %+v", c, id, p.Channels)
			}
		}
	}
	if err := m.w.Check(m.w.ctx); err != nil {
		m.t.Error(err)
	}
}
