package browser

import (
	"embed"
	"encoding/json"
	"strings"
)

// Scripts of these tests are files of testdata, most of them one function.
//
//go:embed testdata/*.js
var scripts embed.FS

// source is the text of a script.
func source(name string) string {
	text, err := scripts.ReadFile("testdata/" + name)
	if err != nil {
		panic(err) // a test names a script that there is not
	}
	return string(text)
}

// call is an expression: a call of the function that a script is.
func call(name string, args ...any) string {
	var values []string
	for _, arg := range args {
		value, err := json.Marshal(arg)
		if err != nil {
			panic(err)
		}
		values = append(values, string(value))
	}
	return "(" + source(name) + ")(" + strings.Join(values, ", ") + ")"
}

// run is a call as a statement.
func run(name string, args ...any) string { return call(name, args...) + ";\n" }
