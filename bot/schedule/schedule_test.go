package schedule

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/robfig/cron/v3"
)

func TestParseReadsWhatPeopleType(t *testing.T) {
	t.Parallel()
	tests := []struct{ typed, canonical, described string }{
		{"daily 08:00", "daily 08:00", "every day at 08:00"},
		{"weekdays 07:30", "weekdays 07:30", "every weekday (Mon–Fri) at 07:30"},
		{"weekends 9:00", "weekends 09:00", "every Saturday and Sunday at 09:00"},
		{"Mondays 09:00", "Mondays 09:00", "every Monday at 09:00"},
		{"Mon,Thu 18:30", "Mon,Thu 18:30", "every Monday and Thursday at 18:30"},
		{"every 4h", "every 4h", "every 4 hours, counted from midnight"},
		{"every 4 hours", "every 4h", "every 4 hours, counted from midnight"},
		{"every 90m", "every 90m", "every 90 minutes, counted from midnight"},
		{"every 30 minutes", "every 30m", "every 30 minutes, counted from midnight"},
		{"30min", "every 30m", "every 30 minutes, counted from midnight"},
		{"every hour", "hourly", "every hour, counted from midnight"},
		{"hourly", "hourly", "every hour, counted from midnight"},
		{"every 24h", "daily 00:00", "every day at 00:00"},
		{"weekdays every 2h", "weekdays every 2h", "every 2 hours, counted from midnight, every weekday (Mon–Fri)"},
		{"8", "daily 08:00", "every day at 08:00"},
		{"8am", "daily 08:00", "every day at 08:00"},
		{"8 AM", "daily 08:00", "every day at 08:00"},
		{"at 8 a.m.", "daily 08:00", "every day at 08:00"},
		{"8 o'clock", "daily 08:00", "every day at 08:00"},
		{"8:30pm", "daily 20:30", "every day at 20:30"},
		{"12am", "daily 00:00", "every day at 00:00"},
		{"12pm", "daily 12:00", "every day at 12:00"},
		{"0800", "daily 08:00", "every day at 08:00"},
		{"18h30", "daily 18:30", "every day at 18:30"},
		{"24:00", "daily 00:00", "every day at 00:00"},
		{"daily 08:00:00", "daily 08:00", "every day at 08:00"},
		{"８：００", "daily 08:00", "every day at 08:00"},
		{"  every   day at 8 ", "daily 08:00", "every day at 08:00"},
		{"everyday", "daily 08:00", "every day at 08:00"},
		{"once a day", "daily 08:00", "every day at 08:00"},
		{"noon", "daily 12:00", "every day at 12:00"},
		{"midnight", "daily 00:00", "every day at 00:00"},
		{"every morning", "daily 08:00", "every day at 08:00"},
		{"7 in the morning", "daily 07:00", "every day at 07:00"},
		{"Sunday evening", "Sundays 18:00", "every Sunday at 18:00"},
		{"8 in the evening", "daily 20:00", "every day at 20:00"},
		{"daily 18:00, 8:00 and 18:00", "daily 08:00, 18:00", "every day at 08:00 and 18:00"},
		{"mon-fri 8", "weekdays 08:00", "every weekday (Mon–Fri) at 08:00"},
		{"Mon – Wed 7:05", "Mon,Tue,Wed 07:05", "every Monday, Tuesday and Wednesday at 07:05"},
		{"Friday to Monday 9", "Mon,Fri,Sat,Sun 09:00", "every Monday, Friday, Saturday and Sunday at 09:00"},
		{"saturday & sunday 9", "weekends 09:00", "every Saturday and Sunday at 09:00"},
		{"every monday and thursday at 6:30 pm", "Mon,Thu 18:30", "every Monday and Thursday at 18:30"},
		{"Tues. 10", "Tuesdays 10:00", "every Tuesday at 10:00"},
		{"weekly", "Mondays 08:00", "every Monday at 08:00"},
		{"weekly on Friday 17:00", "Fridays 17:00", "every Friday at 17:00"},
		{"monthly", "monthly 1st 08:00", "on the 1st of every month at 08:00"},
		{"on the 22nd of every month at 9", "monthly 22nd 09:00", "on the 22nd of every month at 09:00"},
		{"0 8 * * *", "0 8 * * *", "every day at 08:00"},
		{"30  7 * *  1-5", "30 7 * * 1-5", "every weekday (Mon–Fri) at 07:30"},
		{"0 8 * * MON,thu", "0 8 * * MON,thu", "every Monday and Thursday at 08:00"},
		{"0 9 * * 7", "0 9 * * 7", "every Sunday at 09:00"},
		{"0 9 * * 6-7", "0 9 * * 6-7", "every Saturday and Sunday at 09:00"},
		{"0 9 * * fri-sun", "0 9 * * fri-sun", "every Friday, Saturday and Sunday at 09:00"},
		{"0 9 1 * *", "0 9 1 * *", "on the 1st of every month at 09:00"},
		{"0 8 1 1 *", "0 8 1 1 *", `by the cron line "0 8 1 1 *"`},
		{"*/10 6-9 * * *", "*/10 6-9 * * *", "every day at 24 times from 06:00 to 09:50"},
		{"@daily", "@daily", "every day at 00:00"},
		{"@weekly", "@weekly", "every Sunday at 00:00"},
	}
	for _, test := range tests {
		t.Run(test.typed, func(t *testing.T) {
			t.Parallel()
			s, err := Parse(test.typed)
			if err != nil {
				t.Fatalf("Parse(%q): %v", test.typed, err)
			}
			if got := s.String(); got != test.canonical {
				t.Errorf("Parse(%q) = %q, want %q", test.typed, got, test.canonical)
			}
			if got := s.Describe(); got != test.described {
				t.Errorf("Parse(%q).Describe() = %q, want %q", test.typed, got, test.described)
			}
			again, err := Parse(s.String())
			if err != nil {
				t.Fatalf("Parse of the canonical %q: %v", s, err)
			}
			if diff := cmp.Diff(s, again, cmp.AllowUnexported(Schedule{}, days{})); diff != "" {
				t.Errorf("the canonical %q is another schedule (-typed +canonical):\n%s", s, diff)
			}
		})
	}
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, typed, want string }{
		{"nothing", "", "is empty"},
		{"blanks", " \t ", "is empty"},
		{"an essay", strings.Repeat("daily ", 50), "longer than 200 characters"},
		{"a zone in the environment's form, which panics cron", "TZ=0", "time zone"},
		{"a zone without a schedule", "TZ=", "time zone"},
		{"a crontab's zone", "CRON_TZ=Europe/Berlin 0 8 * * *", "time zone"},
		{"a zone behind the time", "daily 08:00 Europe/Berlin", "choose it apart"},
		{"UTC behind the time", "daily 08:00 UTC", "choose it apart"},
		{"a day that no February has", "0 8 31 2 *", "never runs"},
		{"a day that no short month has", "0 8 31 4,6,9,11 *", "never runs"},
		{"a field of commas", "0 , * * *", `hour ","`},
		{"every minute", "* * * * *", "the least is 5 min"},
		{"a cluster once a day", "0,3 8 * * *", "the least is 5 min"},
		{"a cluster over midnight", "58 23,0 * * *", ""},
		{"too close over midnight", "0,58 0,23 * * *", "the least is 5 min"},
		{"a step that leaves too short a rest", "*/7 * * * *", "the least is 5 min"},
		{"every three minutes", "every 3m", "the least is 5 min"},
		{"every nothing", "every 0h", "longer than nothing"},
		{"longer than a day", "every 25h", "longer than a day"},
		{"an overflow", "every 99999999999999999999h", "too long"},
		{"days between", "every 2 days", "name the days instead"},
		{"every other", "every other day", "name the days instead"},
		{"4h alone", "4h", `"every 4h" or "daily 4:00"`},
		{"two intervals", "every 2h every 3h", "two intervals"},
		{"interval and time", "every 4h 08:00", "counts from midnight"},
		{"hour 25", "daily 25:00", "no time of the day"},
		{"minute 60", "daily 8:60", "no time of the day"},
		{"13pm", "13pm", "no time of the day"},
		{"a misspelt day", "mondey 8:00", `did you mean "monday"?`},
		{"a misspelt word", "dialy 8:00", `did you mean "daily"?`},
		{"an unknown word", "bananas 8:00", `"bananas" in the schedule is not known`},
		{"half a range of days", "mon- 8:00", "has no end"},
		{"a hyphen that joins nothing", "daily - 8:00", "joins no two days"},
		{"day 31 of every month", "monthly 31st", "not every month"},
		{"two days of the month", "1st and 15th 8:00", "two days of the month"},
		{"day of month and weekday", "monthly Mondays 8:00", "mixes"},
		{"seconds", "0 0 8 * * *", "6 fields"},
		{"four fields", "0 8 * *", "five fields"},
		{"hour 25 in a cron line", "0 25 * * *", `hour "25"`},
		{"a Quartz mark", "0 8 L * *", `day of month "l"`},
		{"a numbered weekday", "0 8 * * mon#1", `day of week "mon#1"`},
		{"a step of nothing", "*/0 * * * *", `minute "*/0"`},
		{"an unknown shorthand", "@reboot", "@daily"},
		{"cron's interval", "@every 5m", "every 4h"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, err := Parse(test.typed)
			if test.want == "" {
				if err != nil {
					t.Errorf("Parse(%q): %v", test.typed, err)
				}
				return
			}
			if err == nil {
				t.Fatalf("Parse(%q) = %q, want an error with %q", test.typed, s, test.want)
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("Parse(%q): %v, want it to say %q", test.typed, err, test.want)
			}
		})
	}
}

func TestZeroScheduleIsTheDefault(t *testing.T) {
	t.Parallel()
	var s Schedule
	if s.String() != "daily 08:00" || s.Describe() != "every day at 08:00" {
		t.Errorf("the zero Schedule is %q (%s)", s, s.Describe())
	}
	want := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	if got := s.Next(want.Add(-time.Second), nil); !got.Equal(want) {
		t.Errorf("Next = %v, want %v", got, want)
	}
}

// Where no clock changes, cron's own Next is right: ours must be the same.
func TestNextAgreesWithCronWithoutClockChanges(t *testing.T) {
	t.Parallel()
	lines := []string{"0 8 * * *", "30 7 * * 1-5", "*/15 * * * *", "0 */5 * * *", "5,25 6-9 * * 0", "0 0 1 * *", "0 12 29 2 *",
		"0 12 29 2 1", "0 8 1,15 * 5", "0 8 */10 * 1", "0 8 * 2-11/3 *", "0 8 31 * *", "59 23 31 12 *", "0 8 ? * mon", "@yearly", "@monthly"}
	for _, line := range lines {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			oracle, err := cron.ParseStandard(line)
			if err != nil {
				t.Fatal(err)
			}
			s, err := Parse(line)
			if err != nil {
				t.Fatal(err)
			}
			now := time.Date(2026, 11, 22, 16, 3, 7, 9, time.UTC)
			for i := range 200 {
				got, want := s.Next(now, time.UTC), oracle.Next(now)
				if want.IsZero() {
					break // cron gives up on 29 February over the year 2100
				}
				if !got.Equal(want) {
					t.Fatalf("run %d after %v: %v, cron says %v", i, now, got, want)
				}
				now = got
			}
		})
	}
}
