package conversion

import (
	"fmt"
	"strings"

	"tweedie/weights"
)

// oldAttention maps the names of attention's projections before diffusers 0.17 to the current ones,
// as diffusers' loader does (ModelMixin._convert_deprecated_attention_blocks).
var oldAttention = map[string]string{
	"query": "to_q", "key": "to_k", "value": "to_v", "proj_attn": "to_out.0",
}

// renameOld gives tensors the names and shapes of the current UNet2DModel and returns how many it
// changed. Projections that were stored as 1×1 convolutions, [out,in,1,1] or [out,in,1], become
// matrices [out,in].
func renameOld(tensors []weights.Tensor) (changed int, err error) {
	taken := map[string]bool{}
	for i := range tensors {
		t := &tensors[i]
		name, shape := currentName(t.Name), t.Shape
		if isProjection(name) {
			for len(shape) > 2 && shape[len(shape)-1] == 1 {
				shape = shape[:len(shape)-1]
			}
		}
		if taken[name] {
			return 0, fmt.Errorf("tensor %q stands twice, under its old and its new name", name)
		}
		taken[name] = true
		if name != t.Name || len(shape) != len(t.Shape) {
			changed++
		}
		t.Name, t.Shape = name, shape
	}
	return changed, nil
}

// currentName replaces an old projection's name in PATH.attentions.N.NAME.weight or .bias.
func currentName(name string) string {
	parts := strings.Split(name, ".")
	if n := len(parts); n >= 4 && parts[n-4] == "attentions" {
		if current, ok := oldAttention[parts[n-2]]; ok {
			parts[n-2] = current
			return strings.Join(parts, ".")
		}
	}
	return name
}

// isProjection reports whether a tensor is the weight of one of attention's projections.
func isProjection(name string) bool {
	module, ok := strings.CutSuffix(name, ".weight")
	if !ok || !strings.Contains(module, "attentions.") {
		return false
	}
	for _, current := range oldAttention {
		if strings.HasSuffix(module, "."+current) {
			return true
		}
	}
	return false
}
