package discord

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/bot/discordsim"
)

func ping() Command { return Command{Name: "ping", Description: "Answers"} }

func TestCommandIsAnsweredOverTheGateway(t *testing.T) {
	withRig(t, func(r *rig) {
		r.say("ping", "pong")
		r.register(ping())
		r.run()
		res, err := r.sim.Slash(r.Context(), r.member, r.channel, "ping", nil)
		if err != nil {
			r.Fatalf("%v\n%s", err, r.log)
		}
		if !res.Ephemeral || res.Deferred || !contains(res.Message, "pong") {
			r.Errorf("answer %+v %s, want an immediate ephemeral pong", res, res.Message)
		}
	})
}

func TestReadyAndGuildsAreTold(t *testing.T) {
	withRig(t, func(r *rig) {
		var ready []Ready
		var guilds []Guild
		var gone []int64
		r.events.Ready = func(_ context.Context, e Ready) { ready = append(ready, e) }
		r.events.GuildCreated = func(_ context.Context, g Guild) { guilds = append(guilds, g) }
		r.events.GuildDeleted = func(_ context.Context, id int64) { gone = append(gone, id) }
		r.run()
		synctest.Wait()
		if len(ready) != 1 || ready[0].UserID != r.sim.BotID() || ready[0].ApplicationID != r.sim.ApplicationID() {
			r.Errorf("ready %+v, want one with the bot's ids", ready)
		}
		if len(guilds) != 1 || guilds[0] != (Guild{r.guild, "Harbour", "en-GB"}) {
			r.Errorf("guilds %+v", guilds)
		}
		r.sim.RemoveGuild(r.guild)
		synctest.Wait()
		if len(gone) != 1 || gone[0] != r.guild {
			r.Errorf("guilds gone %v, want %d", gone, r.guild)
		}
	})
}

func TestDeletedChannelsAreTold(t *testing.T) {
	withRig(t, func(r *rig) {
		var gone [][2]int64
		r.events.ChannelDeleted = func(_ context.Context, g, c int64) { gone = append(gone, [2]int64{g, c}) }
		r.run()
		thread := r.sim.AddThread(r.channel, "talk")
		r.sim.DeleteChannel(thread)
		r.sim.DeleteChannel(r.channel)
		synctest.Wait()
		if len(gone) != 2 || gone[0] != [2]int64{r.guild, thread} || gone[1] != [2]int64{r.guild, r.channel} {
			r.Errorf("channels gone %v, want thread %d and channel %d", gone, thread, r.channel)
		}
	})
}

func TestPanicInAnEventHandlerIsLogged(t *testing.T) {
	withRig(t, func(r *rig) {
		r.events.Ready = func(context.Context, Ready) { panic("boom") }
		told := false
		r.events.GuildCreated = func(context.Context, Guild) { told = true }
		r.run()
		synctest.Wait()
		if !told || !r.logged("boom") {
			r.Errorf("later event told: %v; log:\n%s", told, r.log)
		}
	})
}

// Each row breaks the gateway in one way; a command sent afterwards is answered.
func TestGatewayComesBack(t *testing.T) {
	for name, tt := range map[string]struct {
		breakIt func(r *rig)
		// within is how soon a connection must be back.
		within time.Duration
		// resumed says that the session goes on.
		resumed bool
	}{
		"after TCP was cut":                          {func(r *rig) { r.sim.CutGateway() }, 5 * time.Second, true},
		"after Op 7":                                 {func(r *rig) { r.sim.Reconnect() }, 5 * time.Second, true},
		"after Op 9 that can be resumed":             {func(r *rig) { r.sim.InvalidateSession(true) }, 10 * time.Second, true},
		"after Op 9 that cannot":                     {func(r *rig) { r.sim.InvalidateSession(false) }, 10 * time.Second, false},
		"after a close that ends the session (4009)": {func(r *rig) { r.sim.CloseGateway(4009) }, 5 * time.Second, false},
		"after a close for any reason (4000)":        {func(r *rig) { r.sim.CloseGateway(4000) }, 5 * time.Second, true},
		"when the resume is refused with Op 9": {func(r *rig) {
			r.sim.Op9(false)
			r.sim.CutGateway()
		}, 15 * time.Second, false},
		"when the resume is answered with Op 9 that can be resumed": {func(r *rig) {
			r.sim.Op9(true)
			r.sim.CutGateway()
		}, 15 * time.Second, true},
		"when Op 7 comes in place of RESUMED": {func(r *rig) {
			r.sim.Op7BeforeReady(2)
			r.sim.CutGateway()
		}, 15 * time.Second, true},
		"when Hello never comes": {func(r *rig) {
			r.sim.NoHello(1)
			r.sim.CutGateway()
		}, 90 * time.Second, true},
		"when ACKs stop": {func(r *rig) {
			r.sim.SilenceAcks(true)
			time.Sleep(3 * 41250 * time.Millisecond)
			r.sim.SilenceAcks(false)
		}, 10 * time.Second, true},
	} {
		t.Run(name, func(t *testing.T) {
			withRig(t, func(r *rig) {
				r.say("ping", "pong")
				r.register(ping())
				var begun atomic.Int32
				r.events.Ready = func(context.Context, Ready) { begun.Add(1) }
				r.run()
				time.Sleep(5 * time.Minute)
				tt.breakIt(r)
				synctest.Wait()
				since := time.Now()
				for !r.client.Connected() || !r.sim.Connected() {
					time.Sleep(100 * time.Millisecond)
					if time.Since(since) > tt.within {
						r.Fatalf("not back within %v; log:\n%s", tt.within, r.log)
					}
				}
				if _, err := r.sim.Slash(r.Context(), r.member, r.channel, "ping", nil); err != nil {
					r.Errorf("%v\n%s", err, r.log)
				}
				synctest.Wait()
				if resumed := begun.Load() == 1; resumed != tt.resumed {
					r.Errorf("sessions begun: %d, want resumed = %v; log:\n%s", begun.Load(), tt.resumed, r.log)
				}
			})
		})
	}
}

func TestFirstConnectionSurvivesWhatHangsTheLibrary(t *testing.T) {
	for name, tt := range map[string]func(s *discordsim.Sim){
		"Op 7 before READY":                        func(s *discordsim.Sim) { s.Op7BeforeReady(3) },
		"no Hello":                                 func(s *discordsim.Sim) { s.NoHello(2) },
		"the gateway's address fails":              func(s *discordsim.Sim) { s.Fail("GET /gateway", 503, 5) },
		"Discord is unreachable for a while":       func(s *discordsim.Sim) { s.Outage(true) },
		"a close that asks for another connection": func(s *discordsim.Sim) { s.RefuseGateway(4008, 2) },
	} {
		t.Run(name, func(t *testing.T) {
			withRig(t, func(r *rig) {
				tt(r.sim)
				r.start()
				time.Sleep(3 * time.Minute)
				r.sim.Outage(false)
				r.wait()
			})
		})
	}
}

func TestNothingIsLostOrDoubledOverAResume(t *testing.T) {
	withRig(t, func(r *rig) {
		var deleted []int64
		r.events.ChannelDeleted = func(_ context.Context, _, c int64) { deleted = append(deleted, c) }
		r.run()
		var want []int64
		for range 10 {
			for range 3 {
				c := r.sim.AddChannel(r.guild, "short", discordsim.KindText)
				want = append(want, c)
				r.sim.DeleteChannel(c)
			}
			r.sim.CutGateway()
			c := r.sim.AddChannel(r.guild, "short", discordsim.KindText)
			want = append(want, c)
			r.sim.DeleteChannel(c) // while nobody listens
			time.Sleep(time.Minute + 30*time.Second)
		}
		synctest.Wait()
		if len(deleted) != len(want) {
			r.Fatalf("told of %d deletions, want %d; log:\n%s", len(deleted), len(want), r.log)
		}
		for i := range want {
			if deleted[i] != want[i] {
				r.Fatalf("deletion %d is of %d, want %d", i, deleted[i], want[i])
			}
		}
	})
}

func TestFatalCloseCodesEndRun(t *testing.T) {
	for _, code := range []int{4004, 4010, 4011, 4012, 4013, 4014} {
		for name, first := range map[string]bool{"at once": true, "on a reconnect": false} {
			t.Run(name, func(t *testing.T) {
				withRig(t, func(r *rig) {
					if !first {
						r.start()
						r.wait()
						r.sim.RefuseGateway(code, 1)
						r.sim.CutGateway()
					} else {
						r.sim.RefuseGateway(code, 1)
						r.start()
					}
					err := <-r.stopped
					r.stop()
					r.stop = nil
					var e *Error
					if !errors.As(err, &e) || !e.Fatal() || e.Code != code {
						r.Errorf("Run returned %v, want a fatal %d", err, code)
					}
				})
			})
		}
	}
}

func TestRefusedTokenEndsRun(t *testing.T) {
	withRig(t, func(r *rig) {
		r.sim.FailCode("GET /gateway", 401, 0, 1)
		r.start()
		err := <-r.stopped
		r.stop()
		r.stop = nil
		var e *Error
		if !errors.As(err, &e) || !e.Fatal() || e.Status != 401 {
			r.Errorf("Run returned %v, want a fatal 401", err)
		}
	})
}

func TestShutdownEndsTheSession(t *testing.T) {
	withRig(t, func(r *rig) {
		r.run()
		r.end()
		synctest.Wait()
		if r.sim.Connected() {
			r.Error("still connected after Run returned")
		}
		if r.client.Connected() {
			r.Error("client says that it is connected after Run returned")
		}
	})
}

func TestShutdownLetsAHandlerFinish(t *testing.T) {
	withRig(t, func(r *rig) {
		begun := make(chan struct{})
		r.router.Command("ping", func(context.Context, *Request) (Reply, error) {
			close(begun)
			time.Sleep(3 * time.Second)
			return Reply{Message: Message{Content: "late pong"}}, nil
		})
		r.register(ping())
		r.run()
		got := make(chan string, 1)
		go func() {
			res, err := r.sim.Slash(r.Context(), r.member, r.channel, "ping", nil)
			if err != nil {
				got <- err.Error()
				return
			}
			got <- string(res.Message)
		}()
		<-begun
		r.end()
		if s := <-got; !contains([]byte(s), "late pong") {
			r.Errorf("answer %q", s)
		}
	})
}

func TestReconnectsDoNotUseUpTheDaysSessions(t *testing.T) {
	withRig(t, func(r *rig) {
		var begun atomic.Int32
		r.events.Ready = func(context.Context, Ready) {
			begun.Add(1)
			go func() { time.Sleep(61 * time.Second); r.sim.InvalidateSession(false) }()
		}
		r.start()
		time.Sleep(6 * time.Hour)
		// Discord resets the token at 1,000 a day: 20 at once and 36 an hour.
		if n := begun.Load(); n > 240 || n < 100 {
			r.Errorf("%d sessions begun in six hours", n)
		}
		r.end()
		time.Sleep(2 * time.Minute)
	})
}
