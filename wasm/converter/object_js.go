package main

import "reflect"

// object is a message as JavaScript's values: a map for a struct, by the names of its tags. Package
// encoding/json would be half a megabyte of the program.
func object(v any) any { return value(reflect.ValueOf(v)) }

func value(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Struct:
		fields := map[string]any{}
		for i := range v.NumField() {
			fields[v.Type().Field(i).Tag.Get("js")] = value(v.Field(i))
		}
		return fields
	case reflect.Slice:
		list := make([]any, v.Len())
		for i := range list {
			list[i] = value(v.Index(i))
		}
		return list
	}
	return v.Interface() // texts, numbers, and maps of them
}
