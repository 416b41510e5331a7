package conversion

import "tweedie/weights"

// Row says what happened to one tensor.
type Row struct {
	Name     string
	Shape    []int
	From, To weights.DType
	Counts   Tally
}

// store stores every tensor in the wanted type, in the file's order.
func (in *Input) store(tensors []weights.Tensor) ([]weights.Tensor, []Row, error) {
	total, done := 0, 0
	for i := range tensors {
		total += len(tensors[i].Data)
	}
	from := map[string]weights.DType{}
	counts := map[string]Tally{}
	out := make([]weights.Tensor, 0, len(tensors))
	for _, t := range tensors {
		stored, c, err := store(t, form{in.DType, in.Mantissa})
		if err != nil {
			return nil, nil, err
		}
		from[t.Name], counts[t.Name] = t.DType, c
		out = append(out, stored...)
		done += len(t.Data)
		in.Progress(done, total)
	}
	order(out)
	var rows []Row
	for _, t := range out {
		if c, ok := counts[t.Name]; ok { // the scales of eight bits have none
			rows = append(rows, Row{t.Name, t.Shape, from[t.Name], t.DType, c})
		}
	}
	return out, rows, nil
}

// In returns the result's weights file with every tensor in another type.
func (r *Result) In(to weights.DType) ([]byte, error) {
	f := weights.File{Metadata: r.File.Metadata}
	for _, t := range r.Draft.Tensors {
		stored, _, err := store(t, form{DType: to})
		if err != nil {
			return nil, err
		}
		f.Tensors = append(f.Tensors, stored...)
	}
	order(f.Tensors)
	return f.Append(nil)
}
