package schedule

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestClockTimes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		word string
		want string // "" = no time of the day
	}{
		{"0", "00:00"},
		{"7", "07:00"},
		{"07", "07:00"},
		{"23", "23:00"},
		{"24", "00:00"},
		{"25", ""},
		{"7:05", "07:05"},
		{"7.05", "07:05"},
		{"7h05", "07:05"},
		{"7h", "07:00"},
		{"0705", "07:05"},
		{"705", ""},
		{"2359", "23:59"},
		{"2360", ""},
		{"24:00", "00:00"},
		{"24:01", ""},
		{"7:5", ""},
		{"7:055", ""},
		{"07:05:00", "07:05"},
		{"07:05:30", ""},
		{"7am", "07:00"},
		{"7pm", "19:00"},
		{"12am", "00:00"},
		{"12pm", "12:00"},
		{"12:30am", "00:30"},
		{"0am", ""},
		{"13am", ""},
		{"20uhr", "20:00"},
		{"-7", ""},
		{"+7", ""},
		{"7:-5", ""},
		{"", ""},
		{":", ""},
		{"am", ""},
		{"seven", ""},
		{"٧", ""},
	}
	for _, test := range tests {
		t.Run(test.word, func(t *testing.T) {
			t.Parallel()
			minute, ok := clockTime(test.word)
			got := ""
			if ok {
				got = clock(minute)
			}
			if got != test.want {
				t.Errorf("clockTime(%q) = %q, want %q", test.word, got, test.want)
			}
		})
	}
}

// Every minute of the day in every way to write it.
func TestEveryClockTimeReadsBack(t *testing.T) {
	t.Parallel()
	for minute := range minutesPerDay {
		h, m := minute/60, minute%60
		half, hour12 := "am", h
		if h >= 12 {
			half, hour12 = "pm", h-12
		}
		if hour12 == 0 {
			hour12 = 12
		}
		for _, written := range []string{
			clock(minute),
			fmt.Sprintf("%d:%02d", h, m),
			fmt.Sprintf("%d.%02d", h, m),
			fmt.Sprintf("%dh%02d", h, m),
			fmt.Sprintf("%02d%02d", h, m),
			fmt.Sprintf("%d:%02d%s", hour12, m, half),
		} {
			if got, ok := clockTime(written); !ok || got != minute {
				t.Errorf("clockTime(%q) = %s, %t, want %s", written, clock(got), ok, clock(minute))
			}
		}
	}
}

func TestWeekdays(t *testing.T) {
	t.Parallel()
	for n, name := range dayNames {
		name = strings.ToLower(name)
		for length := 2; length <= len(name); length++ {
			if got := weekday(name[:length]); got != n {
				t.Errorf("weekday(%q) = %d, want %d", name[:length], got, n)
			}
		}
		if got := weekday(name + "s"); got != n {
			t.Errorf("weekday(%q) = %d, want %d", name+"s", got, n)
		}
		if got := weekday(name[:3] + "."); got != n {
			t.Errorf("weekday(%q) = %d, want %d", name[:3]+".", got, n)
		}
	}
	for _, word := range []string{"", "m", "s", "mont", "month", "mondayss", "day", "today", "week", "weekend", "8"} {
		if got := weekday(word); got >= 0 {
			t.Errorf("weekday(%q) = %s", word, dayNames[got])
		}
	}
}

func TestRangesOfDaysWrapAroundTheWeek(t *testing.T) {
	t.Parallel()
	for from := range 7 {
		for to := range 7 {
			s, err := Parse(fmt.Sprintf("%s to %s 9:00", dayNames[from], dayNames[to]))
			if err != nil {
				t.Fatal(err)
			}
			dow, ok := s.days.weekly()
			for day := range 7 {
				within := (day-from+7)%7 <= (to-from+7)%7
				if got := dow&(1<<uint(day)) != 0; !ok || got != within {
					t.Errorf("%s to %s holds %s: %t, want %t", dayNames[from], dayNames[to], dayNames[day], got, within)
				}
			}
		}
	}
}

func TestOrdinals(t *testing.T) {
	t.Parallel()
	written := map[int]string{1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 10: "10th", 11: "11th", 12: "12th", 13: "13th",
		20: "20th", 21: "21st", 22: "22nd", 23: "23rd", 28: "28th", 30: "30th", 31: "31st"}
	for day, want := range written {
		if got := nth(day); got != want {
			t.Errorf("nth(%d) = %q, want %q", day, got, want)
		}
	}
	for day := 1; day <= 31; day++ {
		if got := ordinal(nth(day)); got != day {
			t.Errorf("ordinal(%q) = %d", nth(day), got)
		}
	}
	for _, word := range []string{"0th", "32nd", "1", "st", "-1st", "1sts", "first", ""} {
		if got := ordinal(word); got != 0 {
			t.Errorf("ordinal(%q) = %d, want none", word, got)
		}
	}
}

func TestIntervalsAreCountedFromMidnight(t *testing.T) {
	t.Parallel()
	tests := []struct {
		typed string
		want  string
	}{
		{"every 4h", "00:00 04:00 08:00 12:00 16:00 20:00"},
		{"every 5h", "00:00 05:00 10:00 15:00 20:00"},
		{"every 6 hours", "00:00 06:00 12:00 18:00"},
		{"every 8hrs", "00:00 08:00 16:00"},
		{"every 7h30", "00:00 07:30 15:00 22:30"},
		{"every 7h30m", "00:00 07:30 15:00 22:30"},
		{"every 450m", "00:00 07:30 15:00 22:30"},
		{"every 12h", "00:00 12:00"},
		{"every 720 min", "00:00 12:00"},
		{"every 23h", "00:00 23:00"},
		{"every 1440m", "00:00"},
		{"every 1441m", ""},
	}
	for _, test := range tests {
		t.Run(test.typed, func(t *testing.T) {
			t.Parallel()
			s, err := Parse(test.typed)
			var got []string
			for _, at := range s.times {
				got = append(got, clock(at))
			}
			if joined := strings.Join(got, " "); joined != test.want || (err == nil) != (test.want != "") {
				t.Errorf("Parse(%q) runs at %q, %v; want %q", test.typed, joined, err, test.want)
			}
		})
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	tests := []struct {
		typed string
		want  []string
	}{
		{"Mon,Thu 18:30", []string{"mon", "thu", "18:30"}},
		{"mon-fri", []string{"mon", "-", "fri"}},
		{"mon -fri", []string{"mon", "-", "fri"}},
		{"mon- fri", []string{"mon", "-", "fri"}},
		{"MON – FRI;8 a.m.", []string{"mon", "-", "fri", "8", "am"}},
		{"8 o’clock & 9 o'clock", []string{"8", "9"}},
		{"half-hourly", []string{"half-hourly"}},
		{"08:00-20:00", []string{"08:00-20:00"}},
		{"Tue. 8.", []string{"tue", "8"}},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, tokenize(test.typed)); diff != "" {
			t.Errorf("tokenize(%q) (-want +got):\n%s", test.typed, diff)
		}
	}
}

func TestListsInWords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		items []string
		want  string
	}{
		{nil, ""},
		{[]string{"a"}, "a"},
		{[]string{"a", "b"}, "a and b"},
		{[]string{"a", "b", "c"}, "a, b and c"},
	}
	for _, test := range tests {
		if got := list(test.items); got != test.want {
			t.Errorf("list(%q) = %q, want %q", test.items, got, test.want)
		}
	}
}
