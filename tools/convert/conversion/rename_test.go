package conversion

import (
	"slices"
	"testing"

	"tweedie/weights"
)

func TestRenameOld(t *testing.T) {
	tests := []struct {
		name  string
		shape []int
		want  string
		to    []int
	}{
		{"mid_block.attentions.0.query.weight", []int{8, 8}, "mid_block.attentions.0.to_q.weight",
			[]int{8, 8}},
		{"mid_block.attentions.0.key.bias", []int{8}, "mid_block.attentions.0.to_k.bias", []int{8}},
		{"down_blocks.1.attentions.12.value.weight",
			[]int{8, 8}, "down_blocks.1.attentions.12.to_v.weight", []int{8, 8}},
		{"up_blocks.0.attentions.1.proj_attn.weight",
			[]int{8, 8, 1, 1}, "up_blocks.0.attentions.1.to_out.0.weight", []int{8, 8}},
		{"mid_block.attentions.0.to_q.weight",
			[]int{8, 8, 1, 1}, "mid_block.attentions.0.to_q.weight", []int{8, 8}},
		{"mid_block.attentions.0.to_out.0.weight",
			[]int{8, 8, 1}, "mid_block.attentions.0.to_out.0.weight", []int{8, 8}},
		{"mid_block.attentions.0.to_k.weight", []int{1, 1}, "mid_block.attentions.0.to_k.weight",
			[]int{1, 1}},
		{"mid_block.attentions.0.to_v.weight",
			[]int{8, 8, 3, 3}, "mid_block.attentions.0.to_v.weight", []int{8, 8, 3, 3}},
		{"mid_block.attentions.0.group_norm.weight",
			[]int{8}, "mid_block.attentions.0.group_norm.weight", []int{8}},
		{"down_blocks.0.resnets.0.conv_shortcut.weight",
			[]int{8, 8, 1, 1}, "down_blocks.0.resnets.0.conv_shortcut.weight", []int{8, 8, 1, 1}},
		{"key.weight", []int{1}, "key.weight", []int{1}},
	}
	for _, test := range tests {
		tensors := []weights.Tensor{{Name: test.name, Shape: test.shape}}
		changed, err := renameOld(tensors)
		got := tensors[0]
		if err != nil || got.Name != test.want || !slices.Equal(got.Shape, test.to) {
			t.Errorf("%s %v: got %s %v, %v, want %s %v",
				test.name, test.shape, got.Name, got.Shape, err, test.want, test.to)
		}
		if want := got.Name != test.name ||
			len(got.Shape) != len(test.shape); (changed == 1) != want {
			t.Errorf("%s: counted %d changes", test.name, changed)
		}
	}
	both := []weights.Tensor{{Name: "mid_block.attentions.0.query.bias"},
		{Name: "mid_block.attentions.0.to_q.bias"}}
	if _, err := renameOld(both); err == nil {
		t.Error("the same tensor under its old and its new name gave no error")
	}
}
