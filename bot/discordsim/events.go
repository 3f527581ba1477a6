package discordsim

import (
	"fmt"
	"net/http"
	"strconv"
)

const keptLog = 1000

// eventLog is what the control endpoint's event stream has to tell.
type eventLog struct {
	last   int64
	events []logged
}

type logged struct {
	id   int64
	name string
	data []byte
}

// emit tells the event stream, and whoever waits, of a change; s.mu is held.
func (s *Sim) emit(name string, data object) {
	s.log.last++
	s.log.events = append(s.log.events, logged{s.log.last, name, encode(data)})
	if len(s.log.events) > keptLog {
		s.log.events = append([]logged(nil), s.log.events[len(s.log.events)-keptLog/2:]...)
	}
	s.broadcast()
}

func (s *Sim) controlEvents(w http.ResponseWriter, r *http.Request) {
	flusher, can := w.(http.Flusher)
	if !can {
		writeJSON(w, http.StatusInternalServerError, object{"error": "the server cannot stream"})
		return
	}
	s.mu.Lock()
	seen := s.log.last
	s.mu.Unlock()
	for _, from := range []string{r.URL.Query().Get("after"), r.Header.Get("Last-Event-ID")} {
		if n, err := strconv.ParseInt(from, 10, 64); err == nil {
			seen = n
		}
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
	flusher.Flush()
	for {
		s.mu.Lock()
		events, changed := s.log.events, s.changed
		s.mu.Unlock()
		for _, e := range events {
			if e.id <= seen {
				continue
			}
			seen = e.id
			if _, err := fmt.Fprintf(w, "id: %d\nevent: %s\ndata: %s\n\n", e.id, e.name, e.data); err != nil {
				return
			}
		}
		flusher.Flush()
		select {
		case <-changed:
		case <-r.Context().Done():
			return
		case <-s.done:
			return
		}
	}
}
