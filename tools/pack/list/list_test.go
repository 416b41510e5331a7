package list

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestRead(t *testing.T) {
	for _, c := range []struct{ name, text, say string }{
		{"whole", `{"version":"1","files":[{"path":"web/a.1.js","name":"web/a.js"}]}`, ""},
		{"outside", `{"files":[{"path":"../precious"}]}`, "../precious"},
		{"no list", `[`, File},
	} {
		_, err := Read(fstest.MapFS{File: {Data: []byte(c.text)}})
		if (err == nil) != (c.say == "") || err != nil && !strings.Contains(err.Error(), c.say) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.say)
		}
	}
}

// Only whole names are replaced.
func TestNamed(t *testing.T) {
	l := List{Files: []Entry{
		{Path: "web/a.1.js", Name: "web/a.js"}, {Path: "web/lang/en.2.js", Name: "web/lang/en.js"},
		{Path: "web/embed.js", Name: "web/embed.js"}, {Path: "weights/d.3.safetensors",
			Name: "weights/d.safetensors"},
	}}
	for text, want := range map[string]string{
		"import('/web/a.js')":              "import('/web/a.1.js')",
		"'./web/lang/en.js', web/a.js.map": "'./web/lang/en.2.js', web/a.js.map",
		"fetch('weights/d.safetensors')":   "fetch('weights/d.3.safetensors')",
		"web/embed.js web/b.js web/aa.js":  "web/embed.js web/b.js web/aa.js",
		"cobweb/a.js":                      "cobweb/a.js",
	} {
		if got := l.Named(text); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}
