package feeds

import (
	"testing"
	"time"
)

// noon is the day of the stories below.
var noon = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)

// dated are items published so many minutes after noon.
func dated(minutes ...int) []Item {
	var items []Item
	for _, m := range minutes {
		items = append(items, Item{Title: "x", Published: noon.Add(time.Duration(m) * time.Minute)})
	}
	return items
}

func TestMissedCountsByThePaceOfTheDocument(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		items []Item
		since time.Time
		pace  time.Duration
		n     int
		whole bool
	}{
		{"one a minute, half an hour not seen", dated(33, 32, 31, 30), noon, 0, 30, false},
		{"the same in another order", dated(30, 33, 31, 32), noon, 0, 30, false},
		{"the document reaches back to the last visit", dated(3, 2, 1, 0), noon, 0, 0, true},
		{"two of one minute: the earlier pace counts", dated(30, 30), noon, 10 * time.Minute, 3, false},
		{"one item: the earlier pace counts", dated(30), noon, 10 * time.Minute, 3, false},
		{"one item and no pace", dated(30), noon, 0, 0, false},
		{"no dates", []Item{{Title: "a"}, {Title: "b"}}, noon, time.Minute, 0, false},
		{"no items", nil, noon, time.Minute, 0, false},
		{"never visited", dated(33, 32), time.Time{}, 0, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if n, whole := Missed(tt.items, tt.since, tt.pace); n != tt.n || whole != tt.whole {
				t.Errorf("Missed = %d, %v, want %d, %v", n, whole, tt.n, tt.whole)
			}
		})
	}
}

func TestLastsLooksAtTheNewerHalf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		items []Item
		want  time.Duration
	}{
		{"one a minute", dated(4, 3, 2, 1, 0), 5 * time.Minute},
		{"an old article kept at the end", dated(44, 43, 42, 41, -100000), 5 * time.Minute},
		{"one item", dated(1), 0},
		{"no dates", []Item{{Title: "a"}, {Title: "b"}}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := Lasts(tt.items); got != tt.want {
				t.Errorf("Lasts = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestWithinKeepsToSkippedHours(t *testing.T) {
	t.Parallel()
	next := noon.Add(5 * time.Hour)
	tests := []struct {
		name string
		skip Skip
		d    time.Duration
		want time.Time
	}{
		{"earlier", 0, time.Hour, noon.Add(time.Hour)},
		{"never later", 0, 6 * time.Hour, next},
		{"out of the hours without news", newSkip([]int{13, 14}, nil), time.Hour, noon.Add(3 * time.Hour)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := (State{Skip: tt.skip}).Within(next, noon, tt.d); !got.Equal(tt.want) {
				t.Errorf("Within = %v, want %v", got, tt.want)
			}
		})
	}
}
