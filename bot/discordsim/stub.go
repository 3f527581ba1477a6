package discordsim

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"time"
)

type Document struct{}

func ParseDocument(b []byte) (*Document, error) { return &Document{}, nil }
func New(o Options) *Sim { return &Sim{o: o} }
func (s *Sim) Close() error { return nil }
func (s *Sim) Transport() http.RoundTripper { return nil }
func (s *Sim) Dial(ctx context.Context, network, addr string) (net.Conn, error) { return nil, nil }
func (s *Sim) Listen(addr string) (apiURL string, err error) { return "", nil }
func (s *Sim) Token() string { return s.o.Token }
func (s *Sim) ApplicationID() int64 { return 0 }
func (s *Sim) BotID() int64 { return 0 }
func (s *Sim) AddGuild(name, locale string) int64 { return 0 }
func (s *Sim) AddChannel(guildID int64, name string, kind int) int64 { return 0 }
func (s *Sim) AddThread(parentID int64, name string) int64 { return 0 }
func (s *Sim) AddMember(guildID int64, name string, permissions int64) int64 { return 0 }
func (s *Sim) AddRole(guildID int64, name string, mentionable bool) int64 { return 0 }
func (s *Sim) SetLocale(memberID int64, locale string) {}
func (s *Sim) SetPermissions(channelID, bot int64) {}
func (s *Sim) RequireTag(forumID int64, tagName string) int64 { return 0 }
func (s *Sim) RemoveGuild(guildID int64) {}
func (s *Sim) DeleteChannel(channelID int64) {}
func (s *Sim) DeleteMessage(messageID int64) {}
func (s *Sim) Messages(channelID int64) []Message { return nil }
func (s *Sim) Replies(interactionID int64) []Message { return nil }
func (s *Sim) Threads(channelID int64) []int64 { return nil }
func (s *Sim) PostAs(memberID, channelID int64, content string) int64 { return 0 }
func (s *Sim) Commands() []json.RawMessage { return nil }
func (s *Sim) Requests() []Request { return nil }
func (s *Sim) Violations() []string { return nil }
func (s *Sim) Connected() bool { return false }
func (s *Sim) WaitReady(ctx context.Context) error { return nil }
func (s *Sim) Slash(ctx context.Context, member, channel int64, command string, options map[string]any) (*Response, error) { return nil, nil }
func (s *Sim) SlashUnchecked(ctx context.Context, member, channel int64, command string, options map[string]any) (*Response, error) { return nil, nil }
func (s *Sim) Autocomplete(ctx context.Context, member, channel int64, command string, options map[string]any, focused string) ([]Choice, error) { return nil, nil }
func (s *Sim) Press(ctx context.Context, member, messageID int64, customID string) (*Response, error) { return nil, nil }
func (s *Sim) Choose(ctx context.Context, member, messageID int64, customID string, values ...string) (*Response, error) { return nil, nil }
func (s *Sim) SubmitModal(ctx context.Context, member, interactionID int64, fields map[string]string) (*Response, error) { return nil, nil }
func (s *Sim) MessageMenu(ctx context.Context, member, channel, messageID int64, name string) (*Response, error) { return nil, nil }
func (s *Sim) Fail(match string, status, n int) {}
func (s *Sim) FailCode(match string, status, code, n int) {}
func (s *Sim) Delay(match string, d time.Duration, n int) {}
func (s *Sim) DropAnswer(match string, n int) {}
func (s *Sim) RateLimit(match string, kind Limit, retryAfter time.Duration, n int) {}
func (s *Sim) Outage(on bool) {}
func (s *Sim) CutGateway() {}
func (s *Sim) CloseGateway(code int) {}
func (s *Sim) RefuseGateway(code, n int) {}
func (s *Sim) Reconnect() {}
func (s *Sim) Op7BeforeReady(n int) {}
func (s *Sim) NoHello(n int) {}
func (s *Sim) Op9(resumable bool) {}
func (s *Sim) SilenceAcks(silent bool) {}
func (s *Sim) SendUnknownComponents(on bool) {}
func (s *Sim) Control() http.Handler { return nil }
