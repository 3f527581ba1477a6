package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// identified is the part that every input line shares. An id of any JSON type
// goes out as it came in.
type identified struct {
	ID json.RawMessage `json:"id"`
}

// failure is the output line of a bad input line.
type failure struct {
	ID    json.RawMessage `json:"id"`
	Error string          `json:"error"`
}

// lineResult is an output line and whether it tells of a failure.
type lineResult struct {
	line   any
	failed bool
}

// jsonLines reads the JSON lines of the FILEs, works on several at once and
// writes the results in order. A line that fails becomes an error line; the rest
// goes on, and the command fails at the end.
func (a *app) jsonLines(ctx context.Context, files []string, work func(ctx context.Context, line []byte) (any, error)) error {
	if _, err := a.config(); err != nil {
		return err
	}
	failed := false
	for _, name := range sources(files) {
		r, err := a.stream(ctx, name)
		if err != nil {
			if stops(ctx, err) {
				return err
			}
			failed = true
			a.complain(inputName(name), err)
			continue
		}
		err = inOrder(ctx, r, func(ctx context.Context, line []byte) lineResult {
			out, err := work(ctx, line)
			if err != nil {
				return lineResult{failure{idOf(line), words(err)}, true}
			}
			return lineResult{out, false}
		}, func(res lineResult) error {
			failed = failed || res.failed
			return a.json(res.line)
		})
		if err = errors.Join(err, r.Close()); err != nil {
			return fmt.Errorf("%s: %w", inputName(name), err)
		}
	}
	if failed {
		return errTold
	}
	return nil
}

// idOf is the id of a line, null if it has none that can be read.
func idOf(line []byte) json.RawMessage {
	var in identified
	// A line with a fault elsewhere may still have told its id.
	_ = json.Unmarshal(line, &in)
	if in.ID == nil {
		return json.RawMessage("null")
	}
	return in.ID
}

// inOrder works on the lines of r, as many at once as there are processors, and
// emits the results in the lines' order as soon as they are there. Blank lines
// are skipped.
func inOrder[T any](ctx context.Context, r io.Reader, work func(context.Context, []byte) T, emit func(T) error) error {
	group, ctx := errgroup.WithContext(ctx)
	queue := make(chan chan T, runtime.GOMAXPROCS(0))
	group.Go(func() error {
		defer close(queue)
		return eachLine(cancellable{ctx, r}, func(line []byte) error {
			done := make(chan T, 1)
			select {
			case queue <- done:
			case <-ctx.Done():
				return ctx.Err()
			}
			group.Go(func() error {
				done <- work(ctx, line)
				return nil
			})
			return nil
		})
	})
	group.Go(func() error {
		for done := range queue {
			if err := emit(<-done); err != nil {
				return err
			}
		}
		return nil
	})
	return group.Wait()
}

// errLongLine is a line over maxInput.
var errLongLine = fmt.Errorf("a line is longer than %d MiB", maxInput>>20)

// eachLine hands on the lines that are not blank, each in memory of its own.
func eachLine(r io.Reader, use func([]byte) error) error {
	b := bufio.NewReaderSize(r, 1<<16)
	var line []byte
	for {
		part, err := b.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			if len(line) > maxInput {
				return errLongLine
			}
			continue
		case err != nil && !errors.Is(err, io.EOF):
			return err
		}
		if trimmed := bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\ufeff"))); len(trimmed) > 0 {
			if err := use(trimmed); err != nil {
				return err
			}
		}
		if err != nil {
			return nil
		}
		line = nil
	}
}

// decodeLine reads an input line; the error says what is wrong in words.
func decodeLine(line []byte, into any) error {
	err := json.Unmarshal(line, into)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &kind) && kind.Field != "":
		return fmt.Errorf("%s is a %s, not a string", kind.Field, kind.Value)
	case errors.As(err, &kind):
		return fmt.Errorf("the line is a %s, not an object", kind.Value)
	case errors.As(err, &syntax):
		return fmt.Errorf("the line is no JSON: %w", err)
	}
	return err
}
