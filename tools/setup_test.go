// Package tools holds no code: its folders do, and its test is that of setup.sh.
package tools

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Fakes of the programs that setup.sh calls. apt-get notes what it is asked for,
// and fails at what REFUSED names.
const (
	fakeRoot = "#!/bin/sh\necho 0\n"
	fakeUser = "#!/bin/sh\necho 1000\n"
	fakeAny  = "#!/bin/sh\n"
	fakeApt  = `#!/bin/sh
echo "$*" >> "$LOG"
case "$*" in *$REFUSED*) exit 100 ;; esac
`
)

// What is missing is installed or named, and only what is not optional fails.
func TestSetup(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("setup.sh needs bash: ", err)
	}
	const node, optional = "update|install nodejs npm", "update|install firefox-esr|install xvfb"
	for _, c := range []struct {
		name, args  string
		id, refused string // "" refuses nothing
		noApt       bool
		fails       bool
		asked, says string
	}{
		{name: "there", args: "present", id: fakeUser},
		{name: "installed", args: "present node npm", id: fakeRoot,
			asked: node, says: "installing nodejs npm"},
		{name: "not installed", args: "node npm", id: fakeRoot, refused: "nodejs",
			asked: node, says: "installing nodejs npm", fails: true},
		{name: "no lists", args: "node", id: fakeRoot, refused: "update",
			asked: "update", says: "installing nodejs", fails: true},
		{name: "no root", args: "node", id: fakeUser,
			says: "please install node and run make again", fails: true},
		{name: "no Debian", args: "node", id: fakeRoot, noApt: true,
			says: "please install node and run make again", fails: true},
		{name: "no Go", args: "go", id: fakeRoot, says: "please install Go", fails: true},
		{name: "optional", args: "--try firefox-esr Xvfb", id: fakeRoot,
			asked: optional, says: "installing firefox-esr xvfb"},
		{name: "one refused", args: "--try firefox-esr Xvfb", id: fakeRoot, refused: "firefox",
			asked: optional, says: "what needs firefox-esr is skipped"},
		{name: "no network", args: "--try firefox-esr Xvfb", id: fakeRoot, refused: "-qq",
			asked: optional, says: "what needs firefox-esr Xvfb is skipped"},
		{name: "optional without root", args: "--try Xvfb", id: fakeUser,
			says: "what needs Xvfb is skipped"},
		{name: "optional elsewhere", args: "--try Xvfb", id: fakeRoot, noApt: true,
			says: "what needs Xvfb is skipped"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			fakes := map[string]string{"id": c.id, "present": fakeAny}
			if !c.noApt {
				fakes["apt-get"] = fakeApt
			}
			for name, text := range fakes {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			if c.refused == "" {
				c.refused = "nothing"
			}
			log := filepath.Join(dir, "log")
			setup := exec.Command(bash, append([]string{"setup.sh"}, strings.Fields(c.args)...)...)
			setup.Env = []string{"PATH=" + dir, "LOG=" + log, "REFUSED=" + c.refused}
			out, err := setup.CombinedOutput()
			if (err != nil) != c.fails {
				t.Errorf("it ends with %v", err)
			}
			if said := string(out); !strings.Contains(said, c.says) ||
				(said == "") != (c.says == "") {
				t.Errorf("it says %q, want %q", said, c.says)
			}
			asked, _ := os.ReadFile(log) // none if apt-get was not called
			short := strings.NewReplacer("-qq ", "", "--yes --no-install-recommends ", "", "\n",
				"|")
			if got := strings.TrimSuffix(short.Replace(string(asked)), "|"); got != c.asked {
				t.Errorf("apt-get is asked for %q, want %q", got, c.asked)
			}
		})
	}
}
