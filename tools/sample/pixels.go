package main

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"fmt"
	"io"
	"strings"

	"tweedie/sampler/recipe"
)

// pixelsKey is what the page's addresses, and PNGs, hold beside a recipe that begins with a
// picture: its pixels and those of the mask, each under DEFLATE in URL-safe base64 without padding,
// with a dot between them. It is no key of a recipe, which only names them.
const pixelsKey = "pixels="

// previewKey is what links hold beside a recipe for those who wait: a small picture of what comes
// of it, from which nothing is computed.
const previewKey = "preview="

// maxPixels bounds a picture that was packed.
const maxPixels = 1 << 20

// apart takes out of a text that holds a recipe the pixels, and what is of no use here.
func apart(text string) (recipe, pixels string) {
	var parts []string
	for part := range strings.SplitSeq(text, "&") {
		if value, ok := strings.CutPrefix(part, pixelsKey); ok {
			pixels = value
		} else if !strings.HasPrefix(part, previewKey) {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "&"), pixels
}

// packed is what stands beside a recipe with these pictures; nothing if it begins with none.
func packed(in recipe.Inputs) (string, error) {
	var texts []string
	for _, pixels := range [][]byte{in.Image, in.Mask} {
		if pixels == nil {
			continue
		}
		var small bytes.Buffer
		w, err := flate.NewWriter(&small, flate.BestCompression)
		if err != nil {
			return "", err
		}
		w.Write(pixels) // a bytes.Buffer takes everything
		if err := w.Close(); err != nil {
			return "", err
		}
		texts = append(texts, base64.RawURLEncoding.EncodeToString(small.Bytes()))
	}
	return strings.Join(texts, "."), nil
}

// unpacked reads the pictures that stood beside a recipe. Whether they are those that it names is
// checked where it is run.
func unpacked(text string) (in recipe.Inputs, err error) {
	for i, part := range strings.Split(text, ".") {
		small, err := base64.RawURLEncoding.DecodeString(part)
		var pixels []byte
		if err == nil {
			pixels, err = io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(small)),
				maxPixels+1))
		}
		switch {
		case err != nil:
			return in, fmt.Errorf("the pixels beside the recipe did not arrive whole: %w", err)
		case len(pixels) > maxPixels:
			return in, fmt.Errorf(
				"the pixels beside the recipe are more than %d, which no model's picture has",
				maxPixels)
		case i == 0:
			in.Image = pixels
		case i == 1:
			in.Mask = pixels
		}
	}
	return in, nil
}
