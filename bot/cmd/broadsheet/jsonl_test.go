package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLinesComeOutInOrder(t *testing.T) {
	t.Parallel()
	var in strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&in, "%d\n", i)
	}
	next := 0
	err := inOrder(t.Context(), strings.NewReader(in.String()), func(_ context.Context, line []byte) int {
		n, err := strconv.Atoi(string(line))
		if err != nil {
			return -1
		}
		for range (n % 7) * 10_000 { // lines take differently long
			n += 0
		}
		return n
	}, func(n int) error {
		if n != next {
			return fmt.Errorf("line %d came out, want %d", n, next)
		}
		next++
		return nil
	})
	if err != nil || next != 1000 {
		t.Errorf("%d lines came out: %v", next, err)
	}
}

func TestAFailedWriteStopsTheReading(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	err := inOrder(t.Context(), forever{"x\n"}, func(_ context.Context, line []byte) string { return string(line) }, func(string) error { return full })
	if !errors.Is(err, full) {
		t.Errorf("inOrder: %v, want %v", err, full)
	}
}

func TestEachLine(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1<<17) // longer than the reader's buffer
	tests := []struct {
		name, in string
		want     []string
	}{
		{"nothing", "", nil},
		{"lines", "a\nb\n", []string{"a", "b"}},
		{"no newline at the end", "a\nb", []string{"a", "b"}},
		{"blank lines and carriage returns", "\n a \r\n\r\n\t\nb\n\n", []string{"a", "b"}},
		{"a byte order mark", "\ufeffa\n", []string{"a"}},
		{"a long line", long + "\nb", []string{long, "b"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			var kept [][]byte
			err := eachLine(strings.NewReader(test.in), func(line []byte) error {
				got = append(got, string(line))
				kept = append(kept, line)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
			for i, line := range kept {
				if string(line) != got[i] {
					t.Errorf("line %d was overwritten while it was in use", i)
				}
			}
		})
	}
}

// Whatever JSON an id is, it comes back as that JSON.
func FuzzIDsComeBack(f *testing.F) {
	for _, id := range []string{"1", `"a"`, "null", "[1.0,2e3]", `{"a":"<b>"}`, "12345678901234567890123", "true", `"\ud83d\ude00"`, `"\ud800"`} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		if !json.Valid([]byte(id)) || strings.ContainsAny(id, "\n\r") {
			return
		}
		in := `{"text":5,"id":` + id + `}`
		var out strings.Builder
		if err := writeJSON(&out, failure{idOf([]byte(in)), "x"}); err != nil {
			t.Fatalf("write the id %s: %v", id, err)
		}
		var compact strings.Builder
		if err := writeJSON(&compact, json.RawMessage(id)); err != nil {
			t.Fatal(err)
		}
		if want := `{"id":` + strings.TrimSpace(compact.String()) + `,"error":"x"}` + "\n"; out.String() != want {
			t.Errorf("id %s came back as %s", id, out.String())
		}
	})
}
