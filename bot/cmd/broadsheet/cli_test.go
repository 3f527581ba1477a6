package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"broadsheet/config"
	"broadsheet/feeds"
)

// forever is a standard input that never ends.
type forever struct{ line string }

func (e forever) Read(p []byte) (int, error) {
	return copy(p, strings.Repeat(e.line, len(p)/len(e.line))), nil
}

// closes takes some writes and then says what a pipe does whose reader has left.
type closes struct{ after int }

func (c *closes) Write(p []byte) (int, error) {
	if c.after--; c.after < 0 {
		return 0, &os.PathError{Op: "write", Path: "|1", Err: syscall.EPIPE}
	}
	return len(p), nil
}

func TestAClosedPipeEndsQuietly(t *testing.T) {
	t.Parallel()
	line := `{"id":1,"text":"The council voted on Monday.","html":"<p>x</p>"}` + "\n"
	for name, args := range map[string][]string{
		"lines that never end": {"summarize", "--jsonl"},
		"pages that never end": {"article", "--jsonl"},
		"many files":           {"summarize", "--sentences", "1", "main.go", "cli.go", "app.go"},
		"one document":         {"config"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stderr bytes.Buffer
			if got := run(t.Context(), args, nil, forever{line}, &closes{}, &stderr); got != exitDone || stderr.Len() > 0 {
				t.Errorf("exit status %d, standard error %q; want 0 and nothing", got, &stderr)
			}
		})
	}
}

// The process itself: a reader that leaves must not end it by a signal.
func TestAClosedPipeEndsTheProcessQuietly(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "summarize", "--jsonl")
	cmd.Args[0] = "broadsheet" // TestMain makes the test binary the program
	cmd.Env = []string{}
	cmd.Dir = t.TempDir()
	cmd.Stdin = forever{`{"id":1,"text":"The council voted on Monday."}` + "\n"}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	first := make([]byte, 10)
	if _, err := io.ReadFull(stdout, first); err != nil {
		t.Error(err)
	}
	if err := stdout.Close(); err != nil {
		t.Error(err)
	}
	// Wait also reports that our side could not write all of the endless input.
	err = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitDone || stderr.Len() > 0 {
		t.Errorf("exit status %d (%v), standard error %q; want 0 and nothing", code, err, &stderr)
	}
}

func TestAnInterruptEndsACommandThatWaitsForInput(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"summarize"}, {"summarize", "--jsonl"}, {"article"}, {"stories"}, {"feed"}, {"import"}} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			silent, writer := io.Pipe()
			t.Cleanup(func() { _ = writer.Close() }) // frees the read that was left behind
			reading := make(chan struct{})
			stdin := readerFunc(func(p []byte) (int, error) {
				close(reading)
				return silent.Read(p)
			})
			go func() {
				<-reading
				cancel()
			}()
			var stderr bytes.Buffer
			environ := []string{"BROADSHEET_DATABASE=" + t.TempDir() + "/x.db", "BROADSHEET_LOG_LEVEL=error"}
			got := run(ctx, args, environ, stdin, io.Discard, &stderr)
			if got != exitFailed || stderr.String() != "broadsheet: interrupted\n" {
				t.Errorf("exit status %d, standard error %q; want 1 and that it was interrupted", got, &stderr)
			}
		})
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestErrorsHaveTheirExitStatus(t *testing.T) {
	t.Parallel()
	_, problems := config.Load("", false, []string{"BROADSHEET_X=1"}, nil)
	tests := []struct {
		name   string
		err    error
		status int
		told   string
	}{
		{"none", nil, 0, ""},
		{"a closed pipe", writeError{syscall.EPIPE}, 0, ""},
		{"told already", errTold, 1, ""},
		{"wrong usage", usageError{errors.New("no such flag")}, 2, "broadsheet: no such flag\n"},
		{"wrong configuration", problems, 2, "broadsheet: the configuration has faults:\n  BROADSHEET_X: is the variable of no option\n"},
		{"anything else", errors.New("disk on fire"), 1, "broadsheet: disk on fire\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var stderr bytes.Buffer
			if got := explain(&stderr, test.err); got != test.status || stderr.String() != test.told {
				t.Errorf("status %d, %q; want %d, %q", got, &stderr, test.status, test.told)
			}
		})
	}
}

func TestEveryCommandHasHelpWithAnExample(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if got := run(t.Context(), []string{"--help"}, nil, nil, &out, io.Discard); got != exitDone {
		t.Fatalf("--help exits with %d", got)
	}
	found := 0
	for line := range strings.Lines(out.String()) {
		name, rest, _ := strings.Cut(strings.TrimPrefix(line, "  "), " ")
		if !strings.HasPrefix(line, "  ") || !strings.Contains(rest, "[flags]") || name == "" {
			continue
		}
		found++
		var help, stderr bytes.Buffer
		if got := run(t.Context(), []string{name, "--help"}, nil, nil, &help, &stderr); got != exitDone || stderr.Len() > 0 {
			t.Errorf("%s --help exits with %d and says %q", name, got, &stderr)
		}
		if !strings.Contains(help.String(), "Example:") || !strings.Contains(help.String(), "    broadsheet ") && !strings.Contains(help.String(), " broadsheet "+name) {
			t.Errorf("%s --help has no example:\n%s", name, &help)
		}
	}
	if found < 10 {
		t.Errorf("found %d commands in\n%s", found, &out)
	}
}

func TestPagesAreToldFromTexts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, contentType, body string
		want                    bool
	}{
		{"a doctype", "", "<!DOCTYPE html><p>", true},
		{"a tag after blanks and a mark", "", "\ufeff\r\n \t<html lang=en>", true},
		{"after comments", "", "<!-- a --> <!-- <p> -->\n<BODY>", true},
		{"a head alone", "", "<head>", true},
		{"a header is no head", "", "<header>", false},
		{"a fragment", "", "<p>text</p>", false},
		{"an open comment", "", "<!-- <html>", false},
		{"a sentence", "", "The <html> element.", false},
		{"nothing", "", "", false},
		{"a page that the server calls so", "text/html; charset=utf-8", "hello", true},
		{"XHTML", "application/xhtml+xml", "hello", true},
		{"a page that the server calls text", "text/plain", "<html>", false},
		{"a page of no known type", "application/octet-stream", "<html>", true},
		{"UTF-16", "", "\xff\xfe<\x00h\x00t\x00m\x00l\x00>\x00", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := (source{body: []byte(test.body), contentType: test.contentType}).isHTML(); got != test.want {
				t.Errorf("isHTML of %q as %q = %t", test.body, test.contentType, got)
			}
		})
	}
}

func TestTextsAreDecoded(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, contentType, body, want string }{
		{"UTF-8", "", "Brücke", "Brücke"},
		{"with a mark", "", "\ufeffBrücke", "Brücke"},
		{"UTF-16, low byte first", "", "\xff\xfeB\x00r\x00", "Br"},
		{"UTF-16, high byte first", "", "\xfe\xff\x00B\x00r", "Br"},
		{"what the server says", "text/plain; charset=koi8-r", "\xcd\xcf\xd3\xd4", "мост"},
		{"Latin-1 by default", "", "Br\xfccke", "Brücke"},
		{"valid UTF-8, whatever the server says", "text/plain; charset=iso-8859-1", "Brücke", "Brücke"},
		{"no text at all", "", "\x7fELF\x00\xff", "\x7fELF\x00\xff"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := (source{body: []byte(test.body), contentType: test.contentType}).text(); got != test.want {
				t.Errorf("text of %q = %q, want %q", test.body, got, test.want)
			}
		})
	}
}

func TestWordsNameNoPackages(t *testing.T) {
	t.Parallel()
	err := &feeds.Error{Kind: feeds.NotFound, Status: 404, URL: "https://post.example/x"}
	if got := words(err); strings.Contains(got, "visit ") || got == "" {
		t.Errorf("words = %q", got)
	}
}
