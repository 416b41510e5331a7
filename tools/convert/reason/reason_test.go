package reason

import (
	"errors"
	"testing"
)

func TestReason(t *testing.T) {
	cut := New("cut", "{file} ends at byte {end} of {bytes}", "end", 3, "bytes", 7)
	// A value with braces is no place for another value.
	named := cut.About("a{end}.pt")
	phrase := New("odd", "it is {what}", "what", NewNote("what.class", "a {class}", "class", "Net"))
	for _, c := range []struct {
		r    error
		want string
	}{
		{New("plain", "it is empty"), "it is empty"},
		{named, "a{end}.pt ends at byte 3 of 7"},
		{named.(*Reason).About("other.pt"), "a{end}.pt ends at byte 3 of 7"},
		{New("plain", "it is empty").About("x"), "x: it is empty"},
		{phrase, "it is a Net"},
		{phrase.About("x"), "x: it is a Net"},
		{Of("other", errors.New("{file} has it"), "file", "y"), "{file} has it"},
	} {
		if got := c.r.Error(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
	if phrase.Values["what"] != "what.class" || phrase.Values["class"] != "Net" {
		t.Errorf("a phrase has the values %v", phrase.Values)
	}
	var plain *Reason
	if err := Of("other", errors.New("x")).About("y"); !errors.As(err, &plain) ||
		plain.Values["file"] != "y" {
		t.Errorf("got %v", err)
	}
	if _, changed := cut.Values["file"]; changed {
		t.Error("About has changed the reason that it was asked of")
	}
}
