package discordsim

import "net/http"

type eventLog struct{}

func (s *Sim) emit(event string, data object) {}

// Control is
func (s *Sim) Control() http.Handler { return nil }
