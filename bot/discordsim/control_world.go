package discordsim

import (
	"fmt"
	"net/http"
	"time"
)

// worldRequest is the body of POST /world.
type worldRequest struct {
	Do          string `json:"do"`
	Guild       int64  `json:"guild,string"`
	Channel     int64  `json:"channel,string"`
	Message     int64  `json:"message,string"`
	Name        string `json:"name"`
	Locale      string `json:"locale"`
	Type        int    `json:"type"`
	Permissions int64  `json:"permissions,string"`
}

func (s *Sim) controlWorld(w http.ResponseWriter, r *http.Request) {
	var q worldRequest
	if !readControl(w, r, &q) {
		return
	}
	if err := s.worldKnows(&q); err != nil {
		writeError(w, err)
		return
	}
	var id int64
	switch q.Do {
	case "add_guild":
		id = s.AddGuild(q.Name, q.Locale)
	case "add_channel":
		id = s.AddChannel(q.Guild, q.Name, q.Type)
	case "add_thread":
		id = s.AddThread(q.Channel, q.Name)
	case "add_member":
		id = s.AddMember(q.Guild, q.Name, q.Permissions)
	case "set_permissions":
		s.SetPermissions(q.Channel, q.Permissions)
	case "delete_channel":
		s.DeleteChannel(q.Channel)
	case "delete_message":
		s.DeleteMessage(q.Message)
	case "remove_guild":
		s.RemoveGuild(q.Guild)
	default:
		writeError(w, fmt.Errorf("%w change %q", ErrUnknown, q.Do))
		return
	}
	o := object{}
	if id != 0 {
		o["id"] = wireID(id)
	}
	writeJSON(w, http.StatusOK, o)
}

// worldKnows checks the ids of a request, since the methods it leads to panic
// on wrong ones.
func (s *Sim) worldKnows(q *worldRequest) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch q.Do {
	case "add_channel", "add_member", "remove_guild":
		if s.guilds[q.Guild] == nil {
			return fmt.Errorf("%w guild %d", ErrUnknown, q.Guild)
		}
	case "add_thread", "set_permissions", "delete_channel":
		if c := s.channels[q.Channel]; c == nil || c.deleted || c.kind == KindDM {
			return fmt.Errorf("%w channel %d", ErrUnknown, q.Channel)
		}
	}
	return nil
}

// faultRequest is the body of POST /fault.
type faultRequest struct {
	Fault     string  `json:"fault"`
	Match     string  `json:"match"`
	Status    int     `json:"status"`
	Code      int     `json:"code"`
	Times     int     `json:"times"`
	Seconds   float64 `json:"seconds"`
	Limit     string  `json:"limit"`
	On        bool    `json:"on"`
	Accepted  bool    `json:"accepted"`
	Resumable bool    `json:"resumable"`
}

func (s *Sim) controlFault(w http.ResponseWriter, r *http.Request) {
	var q faultRequest
	if !readControl(w, r, &q) {
		return
	}
	if err := s.applyFault(&q); err != nil {
		writeError(w, err)
		return
	}
	writeJSON(w, http.StatusOK, object{})
}

func (s *Sim) applyFault(q *faultRequest) error {
	wait := time.Duration(q.Seconds * float64(time.Second))
	switch q.Fault {
	case "fail":
		switch {
		case q.Code != 0:
			s.FailCode(q.Match, q.Status, q.Code, q.Times)
		case q.Accepted:
			s.FailAccepted(q.Match, q.Status, q.Times)
		default:
			s.Fail(q.Match, q.Status, q.Times)
		}
	case "delay":
		s.Delay(q.Match, wait, q.Times)
	case "drop":
		s.DropAnswer(q.Match, q.Times)
	case "rate_limit":
		kind, known := map[string]Limit{"": LimitUser, "user": LimitUser, "global": LimitGlobal, "shared": LimitShared, "html": LimitHTML}[q.Limit]
		if !known {
			return fmt.Errorf("%w limit %q", ErrUnknown, q.Limit)
		}
		s.RateLimit(q.Match, kind, wait, q.Times)
	case "outage":
		s.Outage(q.On)
	case "silence_acks":
		s.SilenceAcks(q.On)
	case "cut_gateway":
		s.CutGateway()
	case "close_gateway":
		s.CloseGateway(q.Code)
	case "refuse_gateway":
		s.RefuseGateway(q.Code, q.Times)
	case "op7":
		s.Reconnect()
	case "op7_before_ready":
		s.Op7BeforeReady(q.Times)
	case "no_hello":
		s.NoHello(q.Times)
	case "op9":
		s.Op9(q.Resumable)
	case "clear":
		s.ClearFaults()
	default:
		return fmt.Errorf("%w fault %q", ErrUnknown, q.Fault)
	}
	return nil
}
