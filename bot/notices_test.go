package bot_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"broadsheet/bot/discordsim"
)

const day = 24 * time.Hour

// broken answers as a server in trouble does.
var broken = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })

// letters are the texts of what the bot wrote to somebody.
func (w *town) letters(user int64) []string {
	w.t.Helper()
	var all []string
	for _, m := range w.sim.DirectMessages(user) {
		if m.EphemeralTo == 0 {
			all = append(all, texts(w.t, m.JSON))
		}
	}
	return all
}

// wantLetters fails unless somebody has n letters, and returns the last.
func (w *town) wantLetters(user int64, n int, says ...string) string {
	w.t.Helper()
	all := w.letters(user)
	if len(all) != n {
		w.t.Fatalf("%s: %d letters, want %d:\n%s", time.Now().UTC(), len(all), n, strings.Join(all, "\n---\n"))
	}
	if n == 0 {
		return ""
	}
	for _, s := range says {
		if !strings.Contains(all[n-1], s) {
			w.t.Errorf("the letter lacks %q:\n%s", s, all[n-1])
		}
	}
	return all[n-1]
}

// skip lets time go by without the bot, which reads what is due once it is
// started again: a month costs as little as that.
func (w *town) skip(d time.Duration) {
	w.t.Helper()
	w.stop()
	time.Sleep(d)
	w.start()
	w.pass(15 * time.Minute)
}

// skips does so several times.
func (w *town) skips(n int, d time.Duration) {
	w.t.Helper()
	for range n {
		w.skip(d)
	}
}

func TestAnAdminIsToldOnceOfAFeedThatFails(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		post := w.harbourPost()
		w.pass(time.Hour)
		post.instead(broken)
		w.pass(23 * time.Hour)
		w.wantLetters(w.admin, 0)
		w.pass(3 * time.Hour)
		w.wantLetters(w.admin, 1, "“Harbour Post” has been failing since 12 Jan 07:", "Its server is in trouble.", "next on 1", "Harbour Town · <#", "Retry", "Pause", "Remove")
		w.skips(7, day)
		w.wantLetters(w.admin, 1)
		post.instead(nil)
		w.skip(2 * day)
		post.instead(broken)
		w.pass(2 * time.Hour)
		w.skip(day)
		w.wantLetters(w.admin, 2, "“Harbour Post” has been failing since 2")
		if w.count("failing")+w.count("trouble") > 0 {
			w.t.Errorf("a failure was printed where members read:\n%s", strings.Join(w.posts(), "\n"))
		}
	})
}

func TestTroubleThatPassesIsNotTold(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		post := w.harbourPost()
		for range 3 {
			post.instead(broken)
			w.pass(5 * time.Hour)
			post.instead(nil)
			w.skip(20 * time.Hour)
		}
		// Failed at its last visit before a long absence of the bot, and at the
		// first after it.
		post.instead(broken)
		w.pass(20 * time.Minute)
		w.skip(40 * day)
		w.wantLetters(w.admin, 0)
	})
}

func TestTheEndOfAFeedIsToldAtOnce(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		post := w.harbourPost()
		post.instead(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusGone) }))
		w.pass(time.Hour)
		w.wantLetters(w.admin, 1, "“Harbour Post” was ended by its publisher, so I no longer visit it. `/feeds resume` tries again.")
		asked := w.web.requests(post.url())
		w.skips(2, 40*day)
		w.wantLetters(w.admin, 1)
		if n := w.web.requests(post.url()); n != asked {
			w.t.Errorf("an ended feed was visited %d times more", n-asked)
		}
		// Whoever tries again reads the answer; all others have been told.
		w.wantAnswer(w.pressed("Retry"), "cannot be read: Its publisher has ended it.")
		w.pass(time.Hour)
		w.wantLetters(w.admin, 1)
	})
}

func TestAFeedThatFailsForAMonthIsPausedAndThatIsTold(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		post := w.harbourPost()
		post.instead(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(rw, "<!doctype html><html><head><title>For sale</title></head><body>This name is for sale.</body></html>")
		}))
		w.skips(15, 44*time.Hour)
		w.wantLetters(w.admin, 1, "There is a web page where a feed should be.", "If it goes on for 30 days, I pause it.")
		w.skips(2, 3*day)
		w.wantLetters(w.admin, 2, "so I no longer visit it", "`/feeds resume`")
		asked := w.web.requests(post.url())
		w.skips(2, 20*day)
		if n := w.web.requests(post.url()); n != asked {
			w.t.Errorf("a paused feed was visited %d times", n-asked)
		}
		// Its publisher comes back, and the admin presses the button weeks later.
		post.instead(nil)
		post.publish("lamp", "Lighthouse gets a new lamp", "the lighthouse lamp")
		w.wantAnswer(w.pressed("Retry"), "“Harbour Post” can be read.")
		asked = w.web.requests(post.url())
		w.pass(3 * time.Hour)
		if w.web.requests(post.url()) == asked {
			w.t.Error("the resumed feed is not visited")
		}
		w.skip(day)
		if w.count("Lighthouse gets a new lamp") == 0 {
			w.t.Errorf("the resumed feed brings nothing:\n%s", strings.Join(w.posts(), "\n"))
		}
		w.wantLetters(w.admin, 2)
	})
}

// pressed presses a button of the last letter to the admin that has it and
// returns the answer, or the refusal.
func (w *town) pressed(label string) *discordsim.Response {
	w.t.Helper()
	for _, m := range slices.Backward(w.sim.DirectMessages(w.admin)) {
		if button(w.t, m.JSON, label) != "" {
			return w.press(m.ID, m.JSON, label)
		}
	}
	w.t.Fatalf("no button %s in %q", label, w.letters(w.admin))
	return nil
}

// press presses the button with a label as the admin.
func (w *town) press(message int64, wire json.RawMessage, label string) *discordsim.Response {
	w.t.Helper()
	r, err := w.sim.Press(w.t.Context(), w.admin, message, button(w.t, wire, label))
	if err != nil {
		w.t.Fatalf("press %s: %v", label, err)
	}
	return r
}

// wantAnswer fails unless an answer holds a text.
func (w *town) wantAnswer(r *discordsim.Response, want string) {
	w.t.Helper()
	if answer := texts(w.t, r.Message); !strings.Contains(answer, want) {
		w.t.Errorf("the answer lacks %q:\n%s", want, answer)
	}
}

func TestASilentFeedIsToldOnceUntilItBringsNews(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		post := w.harbourPost()
		w.skip(29 * day)
		w.wantLetters(w.admin, 0)
		w.skip(2 * day)
		w.wantLetters(w.admin, 1, "💤 “Harbour Post” has brought nothing new since 12 Jan, though I can read it.")
		if answer := w.slash("feeds health", nil); !strings.Contains(answer, "nothing new since 12 Jan") {
			w.t.Errorf("/feeds health says:\n%s", answer)
		}
		w.skips(2, 40*day)
		w.wantLetters(w.admin, 1)
		post.publish("lamp", "Lighthouse gets a new lamp", "the lighthouse lamp")
		w.skip(2 * day)
		if answer := w.slash("feeds health", nil); !strings.Contains(answer, "✓ The feed is well.") {
			w.t.Errorf("/feeds health says after news:\n%s", answer)
		}
		// With its two articles months apart it may now be silent for longer.
		w.skips(2, 100*day)
		w.wantLetters(w.admin, 1)
		w.skips(2, 200*day)
		w.wantLetters(w.admin, 2)
	})
}

func TestEachAdminIsToldInTheServersLanguage(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		post := w.harbourPost()
		bea := w.sim.AddMember(w.guild, "Bea", discordsim.ManageGuild)
		island := w.sim.AddChannel(w.guild, "island", discordsim.KindText)
		hafen := w.sim.AddGuild("Hafenstadt", "de")
		kai := w.sim.AddChannel(hafen, "kai", discordsim.KindText)
		cem := w.sim.AddMember(hafen, "Cem", discordsim.ManageGuild)
		for who, where := range map[int64]int64{bea: island, cem: kai} {
			if _, err := w.sim.Slash(w.t.Context(), who, where, "feeds add", map[string]any{"url": post.url()}); err != nil {
				w.t.Fatal(err)
			}
		}
		post.instead(broken)
		w.pass(2 * time.Hour)
		w.skip(day)
		w.wantLetters(w.admin, 1, fmt.Sprintf("Harbour Town · <#%d>", w.channel))
		w.wantLetters(bea, 1, fmt.Sprintf("Harbour Town · <#%d>", island))
		w.wantLetters(cem, 1, "„Harbour Post“ ist seit", fmt.Sprintf("Hafenstadt · <#%d>", kai), "Erneut versuchen")
		w.wantLetters(w.member, 0)
	})
}

func TestWhoMayNotManageTheServerAnyMoreIsNotTold(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		post := w.harbourPost()
		bea := w.sim.AddMember(w.guild, "Bea", discordsim.ManageGuild)
		if _, err := w.sim.Slash(w.t.Context(), bea, w.channel, "digest create", map[string]any{"schedule": "daily 20:00", "name": "Evening"}); err != nil {
			w.t.Fatal(err)
		}
		w.sim.SetMemberPermissions(w.admin, discordsim.ViewChannel)
		post.instead(broken)
		w.pass(2 * time.Hour)
		w.skip(day)
		w.wantLetters(w.admin, 0)
		w.wantLetters(bea, 1, "Harbour Post")
		// With nobody left the log has it, once.
		post.instead(nil)
		w.skip(day)
		w.sim.SetMemberPermissions(bea, 0)
		post.instead(broken)
		w.pass(2 * time.Hour)
		w.skips(2, day)
		w.wantLetters(bea, 1)
		if n := strings.Count(w.logged.String(), "feed is not well"); n != 1 {
			w.t.Errorf("the log tells of it %d times, want once", n)
		}
	})
}

// host serves several papers at one host, all of which end and begin together.
func (w *town) host(name string, papers int) (addresses []string, down *feed) {
	down = &feed{host: name, title: "not shown"}
	w.web.serve(name, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		down.mu.Lock()
		over := down.over
		down.mu.Unlock()
		if over != nil {
			over.ServeHTTP(rw, r)
			return
		}
		fmt.Fprintf(rw, `<rss version="2.0"><channel><title>Paper %s</title><link>https://%s/</link><item><title>First of %s</title><guid>%s</guid></item></channel></rss>`,
			strings.Trim(r.URL.Path, "/"), name, r.URL.Path, r.URL.Path)
	}))
	for i := range papers {
		addresses = append(addresses, fmt.Sprintf("https://%s/%02d", name, i))
	}
	return addresses, down
}

func TestTheFeedsOfADeadHostMakeOneLetter(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		addresses, down := w.host("many.example", 12)
		for _, url := range addresses {
			w.slash("feeds add", map[string]any{"url": url})
		}
		down.instead(broken)
		w.pass(2 * time.Hour)
		w.skip(day)
		letter := w.wantLetters(w.admin, 1, "12 feeds of Harbour Town need a look", "Paper 00", "and 2 more · `/feeds health` in Harbour Town")
		if n := strings.Count(letter, "Its server is in trouble."); n != 10 {
			w.t.Errorf("the letter tells of %d feeds, want ten:\n%s", n, letter)
		}
		answer := w.slash("feeds health", nil)
		if !strings.Contains(answer, "12 feeds need a look") {
			w.t.Errorf("/feeds health says:\n%s", answer)
		}
	})
}

func TestNobodyIsToldOfTroubleInTheNetworkHere(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		var papers []*feed
		for _, name := range []string{"anchor", "buoy", "cable", "dredger", "engine"} {
			p := w.paper(name+".example", "The "+name)
			p.publish("one", "First of the "+name, "the "+name)
			w.follow(p)
			papers = append(papers, p)
		}
		w.pass(time.Hour)
		for _, p := range papers {
			w.web.serve(p.host, nil)
		}
		w.pass(26 * time.Hour)
		w.wantLetters(w.admin, 0)
		if n := strings.Count(w.logged.String(), "most hosts of feeds fail at once"); n != 1 {
			w.t.Errorf("the operator was warned %d times, want once", n)
		}
		// The network is back; one of them has really died meanwhile.
		for _, p := range papers[1:] {
			w.web.serve(p.host, p)
		}
		w.skips(3, day)
		w.wantLetters(w.admin, 1, "“The anchor” has been failing", "Its server cannot be reached.")
	})
}

func TestNobodyIsToldOfWhatAnOutageOfEverythingDid(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		post := w.harbourPost()
		w.pass(time.Hour)
		w.web.serve(post.host, nil)
		w.sim.Outage(true)
		w.pass(25 * time.Hour)
		w.sim.Outage(false)
		w.web.serve(post.host, post)
		asked := w.web.requests(post.url())
		w.pass(12 * time.Hour)
		w.wantLetters(w.admin, 0)
		if w.web.requests(post.url()) == asked {
			w.t.Error("the feed has not been visited since: twelve hours show nothing")
		}
	})
}

func TestALetterIsSentOnceAcrossARestart(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		post := w.harbourPost()
		w.pass(3 * time.Hour)
		post.instead(broken)
		w.sim.DropAnswer(sends, 1)
		w.sim.Fail(sends, 503, 5)
		w.pass(25 * time.Hour)
		w.stop()
		w.sim.ClearFaults()
		w.start()
		w.pass(10 * time.Minute)
		w.skip(day)
		w.wantLetters(w.admin, 1, "Harbour Post")
		w.pending(0)
	})
}

func TestClosedDirectMessagesAreLeftAlone(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		w.sim.CloseDMs(w.admin)
		post := w.harbourPost()
		tern := w.paper("tern.example", "The Tern")
		tern.publish("vaccine", "Vaccine reaches the islands", "the vaccine")
		w.follow(tern)
		post.instead(broken)
		w.pass(2 * time.Hour)
		w.skips(2, day)
		refused := 0
		for _, r := range w.sim.Requests() {
			if r.Method == http.MethodPost && strings.HasSuffix(r.Path, "/messages") && r.Status == http.StatusForbidden {
				refused++
			}
		}
		if refused != 1 {
			w.t.Errorf("a person who takes no messages was written to %d times, want once", refused)
		}
		w.pending(0)
		tern.publish("ferry", "Ferry runs again", "the ferry")
		w.pass(day)
		if w.count("Ferry runs again") == 0 {
			w.t.Errorf("the server's channel suffers for it:\n%s", strings.Join(w.posts(), "\n"))
		}
	})
}

func TestChannelsAndServersThatAreGoneHaveNobodyToTell(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		post := w.harbourPost()
		hafen := w.sim.AddGuild("Hafenstadt", "de")
		kai := w.sim.AddChannel(hafen, "kai", discordsim.KindText)
		cem := w.sim.AddMember(hafen, "Cem", discordsim.ManageGuild)
		if _, err := w.sim.Slash(w.t.Context(), cem, kai, "feeds add", map[string]any{"url": post.url()}); err != nil {
			w.t.Fatal(err)
		}
		post.instead(broken)
		w.pass(time.Hour)
		w.sim.RemoveGuild(hafen)
		w.pass(time.Hour)
		w.skips(2, day)
		w.wantLetters(cem, 0)
		w.wantLetters(w.admin, 1)
	})
}

func TestTheButtonsOfALetterWorkInDirectMessages(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		post := w.harbourPost()
		post.instead(broken)
		w.pass(2 * time.Hour)
		w.skip(day)
		w.wantLetters(w.admin, 1)
		w.pass(2 * time.Minute)
		w.wantAnswer(w.pressed("Retry"), "“Harbour Post” cannot be read: Its server is in trouble.")
		asked := w.web.requests(post.url())
		w.pressed("Retry")
		if n := w.web.requests(post.url()); n != asked {
			w.t.Errorf("a second press at once made %d requests", n-asked)
		}
		post.instead(nil)
		w.pass(2 * time.Minute)
		w.wantAnswer(w.pressed("Retry"), "“Harbour Post” can be read.")
		w.wantAnswer(w.pressed("Pause"), "is paused for <#")
		if list := w.slash("feeds list", nil); !strings.Contains(list, "⏸ paused") {
			w.t.Errorf("after Pause the list says:\n%s", list)
		}
		w.sim.SetMemberPermissions(w.admin, discordsim.ViewChannel)
		w.wantAnswer(w.pressed("Remove"), "Only members with “Manage Server” can use this.")
		w.sim.SetMemberPermissions(w.admin, discordsim.ManageGuild|discordsim.UseCommands|discordsim.ViewChannel)
		removed := w.pressed("Remove")
		w.wantAnswer(removed, "is no longer read for <#")
		if list := w.slash("feeds list", nil); !strings.Contains(list, "No feeds here yet.") {
			w.t.Errorf("after Remove the list says:\n%s", list)
		}
		w.wantAnswer(w.press(removed.MessageID, removed.Message, "Undo"), "is read for <#")
		if list := w.slash("feeds list", nil); !strings.Contains(list, "Harbour Post") {
			w.t.Errorf("after Undo the list says:\n%s", list)
		}
	})
}

// button is the custom id of the button with a label, "" if there is none.
func button(t *testing.T, wire json.RawMessage, label string) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(wire, &v); err != nil {
		t.Fatalf("message is not JSON: %v", err)
	}
	found := ""
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			if id, ok := v["custom_id"].(string); ok && v["label"] == label {
				found = id
			}
			walk(v["components"])
		}
	}
	walk(v)
	return found
}

func TestTheSecretsOfAFeedAreShownNowhere(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		post := w.paper("harbour.example", "") // called by its address, for want of a title
		post.publish("bridge", "Bridge closes for two years", "the harbour bridge")
		const url = "https://ada:hunter2@harbour.example/feed.xml?key=s3cret"
		w.slash("feeds add", map[string]any{"url": url})
		w.until(eight.Add(time.Minute))
		w.wantPosts(1)
		for _, answer := range []string{
			w.slash("feeds list", nil), w.slash("feeds info", map[string]any{"feed": url}), w.slashAs(w.member, "news latest", nil),
		} {
			if !strings.Contains(answer, "harbour.example") {
				w.t.Errorf("the feed is not shown:\n%s", answer)
			}
		}
		choices, err := w.sim.Autocomplete(w.t.Context(), w.member, w.channel, "news latest", nil, "feed")
		if err != nil || len(choices) != 1 || !strings.Contains(choices[0].Name, "***@harbour.example") {
			w.t.Errorf("members are offered %v, %v", choices, err)
		}
		for _, answer := range []http.Handler{
			http.RedirectHandler("https://ada:hunter2@harbour.example/feed.xml?key=s3cret", http.StatusFound), broken, http.NotFoundHandler(),
		} {
			post.instead(answer)
			w.pass(time.Hour)
		}
		w.web.serve(post.host, nil)
		w.skip(day)
		w.wantLetters(w.admin, 1, "“\\*\\*\\*@harbour.example/feed.xml?key=\\*\\*\\*”")
		w.slash("feeds health", nil)
		w.pressed("Retry")
		w.slash("feeds remove", map[string]any{"feed": url})
		for _, secret := range []string{"hunter2", "s3cret"} {
			if log := w.logged.String(); strings.Contains(log, secret) {
				at := strings.Index(log, secret)
				w.t.Errorf("the log holds a secret: …%s…", log[max(0, at-300):min(len(log), at+50)])
			}
			for _, r := range w.sim.Requests() {
				if strings.Contains(string(r.Body), secret) {
					w.t.Errorf("%s %s was sent a secret:\n%s", r.Method, r.Path, r.Body)
				}
			}
		}
	})
}
