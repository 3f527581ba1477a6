package schedule

import (
	"testing"
	"time"
)

// Autocomplete has 100 ms for everything; these are its parts.
func BenchmarkSuggest(b *testing.B) {
	for b.Loop() {
		Suggest("weekdays 7", 25)
	}
}

func BenchmarkZones(b *testing.B) {
	for b.Loop() {
		Zones("new y", 25)
	}
}

func BenchmarkLoadZone(b *testing.B) {
	for b.Loop() {
		if _, err := LoadZone("Europe/Berlin"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNext(b *testing.B) {
	loc, err := LoadZone("Europe/Berlin")
	if err != nil {
		b.Fatal(err)
	}
	s, err := Parse("Mon,Thu 18:30")
	if err != nil {
		b.Fatal(err)
	}
	now := time.Date(2026, 11, 22, 16, 0, 0, 0, time.UTC)
	for b.Loop() {
		s.Next(now, loc)
	}
}
