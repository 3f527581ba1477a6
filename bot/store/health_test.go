package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feeds"
)

const day = 24 * time.Hour

// patience is what the tests of this file ask with.
var patience = Patience{Failing: day, Failures: 3, Hopeless: 30 * day, HopelessFailures: 14}

// set writes columns of a feed, times as a distance into the past, as weeks of
// visits would.
func (w world) set(t testing.TB, feedID int64, columns map[string]any) {
	t.Helper()
	must(t, w.write(w.ctx, "set", func(ctx context.Context, tx *tx) error {
		for column, v := range columns {
			if ago, ok := v.(time.Duration); ok {
				v = clock() - ago.Milliseconds()
			}
			if _, err := tx.exec(ctx, `UPDATE feed SET `+column+` = $1 WHERE id = $2`, v, feedID); err != nil {
				return err
			}
		}
		return nil
	}))
}

// failed records a failed visit of a feed.
func (w world) failed(t testing.TB, feedID int64, kind feeds.Kind) {
	t.Helper()
	f := got[Feed](t)(w.Feed(w.ctx, feedID))
	v := feeds.Visit{At: time.Now(), State: f.State, Next: time.Now().Add(time.Hour), Err: &feeds.Error{Kind: kind}, Gone: kind == feeds.Gone}
	v.State.Failures++
	out, err := w.RecordVisits(w.ctx, []VisitRecord{{FeedID: feedID, Visit: v}})
	must(t, err)
	must(t, out[0].Err)
}

// failing lists the addresses that FailingFeeds returns.
func (w world) failing(t testing.TB) []string {
	t.Helper()
	return addresses(got[[]Feed](t)(w.FailingFeeds(w.ctx, patience, 100)))
}

func (w world) silent(t testing.TB) []string {
	t.Helper()
	return addresses(got[[]Feed](t)(w.SilentFeeds(w.ctx, 30*day, 100)))
}

func addresses(all []Feed) []string {
	urls := []string{}
	for _, f := range all {
		urls = append(urls, strings.TrimPrefix(f.State.URL, "https://"))
	}
	return urls
}

func want(t testing.TB, what string, got []string, want ...string) {
	t.Helper()
	if want == nil {
		want = []string{}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestOnlyLastingFailuresAreListed(t *testing.T) {
	t.Parallel()
	rows := map[string]map[string]any{
		"a-failing-for-two-days":       {"failing_since": 2 * day, "failures": int64(3)},
		"b-failing-for-an-hour":        {"failing_since": time.Hour, "failures": int64(9)},
		"c-seen-failing-only-twice":    {"failing_since": 40 * day, "failures": int64(2)},
		"d-overdue":                    {"failing_since": 2 * day, "failures": int64(9), "next_poll": time.Minute},
		"e-told":                       {"failing_since": 2 * day, "failures": int64(9), "told": ToldFailing},
		"f-told-and-hopeless":          {"failing_since": 31 * day, "failures": int64(14), "told": ToldFailing},
		"g-hopeless-but-rarely-tried":  {"failing_since": 31 * day, "failures": int64(13), "told": ToldFailing},
		"h-silent-and-now-failing":     {"failing_since": 3 * day, "failures": int64(9), "told": ToldSilent},
		"i-ended-just-now":             {"failing_since": time.Minute, "failures": int64(1), "gone": int64(1)},
		"j-ended-and-told":             {"failing_since": 9 * day, "failures": int64(1), "gone": int64(1), "told": ToldStopped},
		"k-ended-after-it-was-told-of": {"failing_since": 9 * day, "failures": int64(9), "gone": int64(1), "told": ToldFailing},
		"l-paused":                     {"failing_since": 9 * day, "failures": int64(9), "paused": int64(1)},
		"m-nobody-wants-it":            {"failing_since": 9 * day, "failures": int64(9), "polled": int64(0)},
		"n-well":                       {},
		"o-resumed-and-failing":        {"failing_since": 4 * day, "failures": int64(9), "told": ToldStopped},
	}
	onBothInside(t, func(t *testing.T, w world) {
		for name, columns := range rows {
			id := w.feed(t, "https://"+name)
			w.set(t, id, map[string]any{"next_poll": -time.Hour})
			w.set(t, id, columns)
		}
		want(t, "failing", w.failing(t), "f-told-and-hopeless", "k-ended-after-it-was-told-of", "o-resumed-and-failing", "h-silent-and-now-failing",
			"a-failing-for-two-days", "i-ended-just-now")
		want(t, "the first two", addresses(got[[]Feed](t)(w.FailingFeeds(w.ctx, patience, 2))), "f-told-and-hopeless", "k-ended-after-it-was-told-of")
	})
}

func TestOnlyFeedsThatBrokeTheirRhythmAreSilent(t *testing.T) {
	t.Parallel()
	rows := map[string]map[string]any{
		"a-nothing-for-a-month":         {"newest_at": 31 * day, "pace_ms": day.Milliseconds()},
		"b-something-last-week":         {"newest_at": 7 * day, "pace_ms": int64(1000)},
		"c-a-quarterly":                 {"newest_at": 100 * day, "pace_ms": (90 * day).Milliseconds()},
		"d-a-quarterly-that-stopped":    {"newest_at": 361 * day, "pace_ms": (90 * day).Milliseconds()},
		"e-never-anything":              {"created_at": 31 * day},
		"f-new-and-empty":               {},
		"g-told":                        {"newest_at": 50 * day, "told": ToldSilent},
		"h-failing":                     {"newest_at": 50 * day, "failing_since": day},
		"i-paused":                      {"newest_at": 50 * day, "paused": int64(1)},
		"j-never-read":                  {"created_at": 50 * day, "last_ok": int64(0)},
		"k-ended":                       {"newest_at": 50 * day, "gone": int64(1)},
		"l-unwanted":                    {"newest_at": 50 * day, "polled": int64(0)},
		"m-silent-for-less-than-a-year": {"newest_at": 300 * day, "pace_ms": (90 * day).Milliseconds()},
	}
	onBothInside(t, func(t *testing.T, w world) {
		for name, columns := range rows {
			id := w.feed(t, "https://"+name)
			w.set(t, id, map[string]any{"last_ok": time.Hour})
			w.set(t, id, columns)
		}
		got := w.silent(t)
		for _, name := range []string{"a-nothing-for-a-month", "d-a-quarterly-that-stopped", "e-never-anything"} {
			if !strings.Contains(strings.Join(got, " "), name) {
				t.Errorf("%s is not silent", name)
			}
		}
		if len(got) != 3 {
			t.Errorf("silent: %v", got)
		}
	})
}

// onBothInside is onBoth for a test that is parallel already.
func onBothInside(t *testing.T, test func(t *testing.T, w world)) {
	t.Helper()
	for _, engine := range []string{sqliteName, postgres} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			url := t.TempDir() + "/test.db"
			if engine == postgres {
				url = postgresURL(t)
			}
			test(t, newWorld(t, url))
		})
	}
}

func TestASuccessForgetsWhatWasTold(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		for _, tt := range []struct {
			name, told   string
			fails, news  bool
			want         string
			paused, runs bool // before and after
		}{
			{name: "failing, read again", told: ToldFailing, want: ""},
			{name: "failing, failed again", told: ToldFailing, fails: true, want: ToldFailing},
			{name: "stopped, read again", told: ToldStopped, paused: true, runs: true, want: ""},
			{name: "stopped, failed again", told: ToldStopped, paused: true, fails: true, want: ToldStopped},
			{name: "silent, read without news", told: ToldSilent, want: ToldSilent},
			{name: "silent, failed", told: ToldSilent, fails: true, want: ToldSilent},
			{name: "silent, with news", told: ToldSilent, news: true, want: ""},
			{name: "well and paused, read", paused: true, want: ""},
		} {
			id := w.feed(t, "https://"+tt.name)
			w.set(t, id, map[string]any{"told": tt.told, "paused": number(tt.paused)})
			switch {
			case tt.fails:
				w.failed(t, id, feeds.NotFound)
			case tt.news:
				w.record(t, id, items(1)...)
			default:
				w.record(t, id)
			}
			f := got[Feed](t)(w.Feed(w.ctx, id))
			if f.Told != tt.want || f.Paused != (tt.paused && !tt.runs) {
				t.Errorf("%s: told %q, paused %t; want %q", tt.name, f.Told, f.Paused, tt.want)
			}
		}
	})
}

func TestResumingAStoppedFeedBeginsAnew(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		for _, column := range []string{"paused", "gone"} {
			id := w.feed(t, "https://"+column)
			w.set(t, id, map[string]any{column: int64(1), "told": ToldStopped, "failures": int64(40), "failing_since": 40 * day})
			must(t, w.SetFeedPaused(w.ctx, id, false))
			f := got[Feed](t)(w.Feed(w.ctx, id))
			if told := map[string]string{"gone": ToldStopped}[column]; f.Told != told || f.State.Failures != 0 || !f.FailingSince.IsZero() || f.Paused || f.Gone {
				t.Errorf("%s: %+v", column, f)
			}
		}
		id := w.feed(t, "https://failing")
		w.set(t, id, map[string]any{"told": ToldFailing, "failures": int64(4), "failing_since": 2 * day})
		must(t, w.SetFeedPaused(w.ctx, id, false))
		if f := got[Feed](t)(w.Feed(w.ctx, id)); f.Told != ToldFailing || f.State.Failures != 4 || f.FailingSince.IsZero() {
			t.Errorf("a feed that was not stopped lost its history: %+v", f)
		}
	})
}

func TestTellingIsAllOrNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		var all []HealthTold
		for _, name := range []string{"https://b", "https://a"} {
			id := w.feed(t, name)
			w.set(t, id, map[string]any{"failing_since": 2 * day, "failures": int64(9), "next_poll": -time.Hour})
			all = append(all, HealthTold{Feed: got[Feed](t)(w.Feed(w.ctx, id)), Told: ToldFailing, Pause: name == "https://a"})
		}
		notices := []DirectNotice{
			{ChannelID: 901, Message: Outgoing{Kind: "notice", Payload: []byte("{}")}},
			{ChannelID: 900, Message: Outgoing{Kind: "notice", Payload: []byte("{}")}},
		}
		// One recovers between the look and the telling.
		w.record(t, all[0].Feed.ID)
		wantErr(t, w.TellHealth(w.ctx, all, notices), ErrLeaseLost)
		if n := got[Counts](t)(w.Counts(w.ctx)).PendingDeliveries; n != 0 {
			t.Errorf("%d messages were queued", n)
		}
		for _, h := range all {
			if f := got[Feed](t)(w.Feed(w.ctx, h.Feed.ID)); f.Told != "" || f.Paused {
				t.Errorf("%s is told %q, paused %t", f.State.URL, f.Told, f.Paused)
			}
		}
		must(t, w.TellHealth(w.ctx, all[1:], notices))
		if n := got[Counts](t)(w.Counts(w.ctx)).PendingDeliveries; n != 2 {
			t.Errorf("%d messages were queued, want 2", n)
		}
		f := got[Feed](t)(w.Feed(w.ctx, all[1].Feed.ID))
		if f.Told != ToldFailing || !f.Paused {
			t.Errorf("told %q, paused %t", f.Told, f.Paused)
		}
		// The other process that saw the same.
		wantErr(t, w.TellHealth(w.ctx, all[1:], notices), ErrLeaseLost)
		if n := got[Counts](t)(w.Counts(w.ctx)).PendingDeliveries; n != 2 {
			t.Errorf("%d messages are queued after a second process told of it, want 2", n)
		}
	})
}

func TestNobodyIsWrittenToWhoHasLeftDiscord(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		must(t, w.ChannelGone(w.ctx, 900, "unknown channel"))
		id := w.feed(t, "https://a")
		h := HealthTold{Feed: got[Feed](t)(w.Feed(w.ctx, id)), Told: ToldSilent}
		must(t, w.TellHealth(w.ctx, []HealthTold{h}, []DirectNotice{{ChannelID: 900, Message: Outgoing{Kind: "notice"}}}))
		if n := got[Counts](t)(w.Counts(w.ctx)).PendingDeliveries; n != 0 {
			t.Errorf("%d messages wait", n)
		}
	})
}

func TestFollowersAreThoseWhoCanStillRead(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		a, b := w.feed(t, "https://a"), w.feed(t, "https://b")
		for _, g := range []int64{1, 2, 3} {
			must(t, w.SaveGuild(w.ctx, Guild{ID: g}))
		}
		w.subscribe(t, 100, a, ModeDigest, Backlog{})
		w.subscribe(t, 101, b, ModeInstant, Backlog{})
		paused := w.subscribe(t, 102, a, ModeDigest, Backlog{})
		paused.Paused = true
		must(t, w.UpdateSubscription(w.ctx, paused))
		w.subscribe(t, 200, a, ModeDigest, Backlog{})
		must(t, w.GuildGone(w.ctx, 2))
		w.subscribe(t, 300, a, ModeDigest, Backlog{})
		must(t, w.ChannelGone(w.ctx, 300, "deleted"))
		var channels []int64
		for _, s := range got[[]Subscription](t)(w.Followers(w.ctx, []int64{a, b})) {
			channels = append(channels, s.ChannelID)
		}
		sameIDs(t, "channels", channels, []int64{100, 101})
	})
}

func TestReachCountsHostsOfWhichEveryFeedFails(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		for url, columns := range map[string]map[string]any{
			"https://one.example/a":          {"failing_since": day},
			"https://user:pw@one.example/b":  {"failing_since": 2 * day},
			"https://two.example/a":          {"failing_since": day},
			"https://two.example/b":          {},
			"https://three.example/":         {},
			"https://four.example/":          {"failing_since": 20 * day},
			"https://five.example/":          {"failing_since": day, "last_ok": int64(0)},
			"https://six.example/":           {"failing_since": day, "paused": int64(1)},
			"https://seven.example/":         {"failing_since": day, "gone": int64(1)},
			"https://eight.example/unwanted": {"failing_since": day, "polled": int64(0)},
		} {
			id := w.feed(t, url)
			w.set(t, id, map[string]any{"last_ok": 9 * day})
			w.set(t, id, columns)
		}
		failing, hosts, err := w.Reach(w.ctx, time.Now().Add(-7*day))
		if err != nil || failing != 1 || hosts != 4 {
			t.Errorf("Reach() = %d of %d, %v; want 1 of 4", failing, hosts, err)
		}
	})
}

func TestNamesShowNoSecrets(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		title, feed, url, want string
	}{
		{"", "", "https://ada:pass@a.example/f?key=secret&x=1", "https://***@a.example/f?key=***&x=1"},
		{"", "The Tern", "https://ada:pass@a.example/", "The Tern"},
		{"Mine", "The Tern", "https://a.example/", "Mine"},
		{"", "", "https://a.example/f", "https://a.example/f"},
	} {
		sub := Subscription{Title: tt.title, Feed: Feed{Title: tt.feed, State: feeds.State{URL: tt.url}}}
		if name := sub.Name(); name != tt.want {
			t.Errorf("the name of %q is %q, want %q", tt.url, name, tt.want)
		}
	}
}

// The look that every tick makes must not read a healthy feed's row.
func TestTheLookForFailingFeedsUsesItsIndex(t *testing.T) {
	t.Parallel()
	w := newWorld(t, t.TempDir()+"/test.db")
	if plan := w.planOf(t, sqlFeedsFailing, 6); !strings.Contains(plan, "feed_failing") {
		t.Errorf("the plan:\n%s", plan)
	}
}

// planOf is how SQLite goes about a query with so many parameters.
func (w world) planOf(t testing.TB, q string, parameters int) string {
	t.Helper()
	ones := slices.Repeat([]any{1}, parameters)
	rows, err := w.r.QueryContext(w.ctx, `EXPLAIN QUERY PLAN `+q, ones...)
	plan, err := collect(rows, err, func(r scanner) (string, error) {
		var a, b, c sql.NullInt64
		var detail string
		return detail, r.Scan(&a, &b, &c, &detail)
	})
	must(t, err)
	return strings.Join(plan, "\n")
}
