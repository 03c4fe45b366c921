// Renders a chart with the template language and the functions of Helm, which Debian does not have: text/template and Sprig are
// the libraries that Helm uses. Reads {Values, Release, Chart} as JSON, and writes all documents.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run main.go deploy/helm/countersign < values.json
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"gopkg.in/yaml.v3"
)

type files string

// Get is `.Files.Get` of Helm.
func (chart files) Get(name string) (string, error) {
	text, err := os.ReadFile(filepath.Join(string(chart), name))
	return string(text), err
}

func main() {
	chart := os.Args[1]
	given := map[string]interface{}{}
	check(json.NewDecoder(os.Stdin).Decode(&given))
	given["Files"] = files(chart)
	all := template.New("chart").Option("missingkey=zero")
	functions := sprig.TxtFuncMap()
	// Helm has neither, since a chart must not read the machine.
	delete(functions, "env")
	delete(functions, "expandenv")
	functions["toYaml"] = toYaml
	functions["include"] = func(name string, data interface{}) (string, error) {
		var text bytes.Buffer
		err := all.ExecuteTemplate(&text, name, data)
		return text.String(), err
	}
	template.Must(all.Funcs(functions).ParseGlob(filepath.Join(chart, "templates", "*")))
	names, err := filepath.Glob(filepath.Join(chart, "templates", "[^_]*"))
	check(err)
	for _, name := range names {
		var text bytes.Buffer
		check(all.ExecuteTemplate(&text, filepath.Base(name), given))
		if strings.HasSuffix(name, ".yaml") {
			// As Helm does with "missingkey=zero".
			fmt.Println("---\n" + strings.ReplaceAll(text.String(), "<no value>", ""))
		}
	}
}

func toYaml(value interface{}) (string, error) {
	var text bytes.Buffer
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	err := encoder.Encode(value)
	return strings.TrimSuffix(text.String(), "\n"), err
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
