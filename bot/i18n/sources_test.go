package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// use is one call that names a message by a literal id.
type use struct {
	where   string
	id      string
	args    []string // names given, if they are all literal
	literal bool
}

// looksLikeID finds ids that are handed on before they are looked up, as
// refuse(r, "error.button") does.
var looksLikeID = regexp.MustCompile(`^(error|reply|notice|why|backlog|preview|button|menu|feed\.error)(\.[a-z]+)+$`)

// uses returns the calls of T, All and Has in the program's sources, and other
// literals that can only be ids.
func uses(t *testing.T) []use {
	t.Helper()
	var found []use
	set := token.NewFileSet()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			t.Logf("passed over %s: %v", path, err)
			return nil
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if u, ok := asUse(call); ok {
					u.where = set.Position(call.Pos()).String()
					found = append(found, u)
				}
			}
			if e, ok := n.(ast.Expr); ok {
				if id, ok := literal(e); ok && looksLikeID.MatchString(id) {
					found = append(found, use{id: id, where: set.Position(n.Pos()).String()})
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// asUse reads a call of a method or function named T, All or Has whose first
// argument is a literal that looks like an id, or of bot/command's refuse,
// whose second is one.
func asUse(call *ast.CallExpr) (use, bool) {
	callee, arguments := "", call.Args
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		callee = f.Sel.Name
	case *ast.Ident:
		callee = f.Name
	}
	if callee == "refuse" && len(arguments) > 1 {
		callee, arguments = "T", arguments[1:]
	}
	if len(arguments) == 0 || !slices.Contains([]string{"T", "All", "Has"}, callee) {
		return use{}, false
	}
	id, ok := literal(arguments[0])
	if !ok || !strings.Contains(id, ".") || strings.ContainsAny(id, " /") {
		return use{}, false
	}
	u := use{id: id, literal: callee == "T" && !call.Ellipsis.IsValid()}
	for i := 1; i < len(arguments); i += 2 {
		name, ok := literal(arguments[i])
		if !ok {
			u.literal = false
			break
		}
		u.args = append(u.args, name)
	}
	return u, true
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

func TestEveryMessageTheProgramSaysIsInTheCatalogue(t *testing.T) {
	t.Parallel()
	english := catalogue(t, "en")
	found := uses(t)
	if len(found) < 50 {
		t.Fatalf("found only %d messages in the sources", len(found))
	}
	for _, u := range found {
		forms, ok := english[u.id]
		if !ok {
			t.Errorf("%s: no message %q", u.where, u.id)
			continue
		}
		if !u.literal {
			continue
		}
		want := placeholders(forms["other"])
		for _, name := range want {
			if !slices.Contains(u.args, name) {
				t.Errorf("%s: %q needs {%s}", u.where, u.id, name)
			}
		}
		for _, name := range u.args {
			// Dates offer each language more than it takes.
			if !slices.Contains(want, name) && !strings.HasPrefix(u.id, "date.") && name != "n" {
				t.Errorf("%s: %q has no place for {%s}", u.where, u.id, name)
			}
		}
		if len(forms) > 1 && !slices.Contains(u.args, "n") {
			t.Errorf("%s: %q needs n to choose its plural", u.where, u.id)
		}
	}
}

// bot/command builds the ids of a command's texts from its path.
func TestEveryCommandOfTheProgramIsInTheCatalogue(t *testing.T) {
	t.Parallel()
	const source = "../command/definitions.go"
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, source, nil, 0)
	if err != nil {
		t.Skipf("cannot read the commands: %v", err)
	}
	path := regexp.MustCompile(`^(feeds|digest|filters|settings|news|alerts|help)(\.[a-z]+)*$`)
	n := 0
	ast.Inspect(file, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		id, ok := literal(call.Args[0])
		if !ok || !path.MatchString(id) {
			return true
		}
		n++
		ids := []string{id + ".name", id + ".description"}
		if f, ok := call.Fun.(*ast.Ident); ok && f.Name == "choice" {
			for _, arg := range call.Args[1:] {
				if value, ok := literal(arg); ok {
					ids = append(ids, id+".choice."+value)
				}
			}
		}
		for _, id := range ids {
			if !Has("cmd." + id) {
				t.Errorf("%s: no message %q", set.Position(call.Pos()), "cmd."+id)
			}
		}
		return true
	})
	if n < 10 {
		t.Errorf("found only %d commands and options in %s", n, source)
	}
}
