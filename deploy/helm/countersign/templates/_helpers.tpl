{{- define "countersign.name" -}}
{{- if contains "countersign" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-countersign" (.Release.Name | trunc 38 | trimSuffix "-") }}{{ end -}}
{{- end }}

{{- define "countersign.selector" -}}
app.kubernetes.io/name: countersign
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "countersign.labels" -}}
{{ include "countersign.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "countersign.image" -}}
{{- if .Values.image.digest }}{{ printf "%s@%s" .Values.image.repository .Values.image.digest }}{{ else }}{{ printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) }}{{ end -}}
{{- end }}

{{- /* Of all pods: no token of the cluster, no name of another service in the environment. */}}
{{- define "countersign.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  seccompProfile: { type: RuntimeDefault }
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity: {{ toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "countersign.container" -}}
image: {{ include "countersign.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end }}

{{- /* What the API and the migration read. */}}
{{- define "countersign.env" -}}
- { name: DATABASE_URL_FILE, value: /etc/countersign/database-url }
{{- if .Values.secretKeys.databaseDirect }}
- { name: DATABASE_DIRECT_URL_FILE, value: /etc/countersign/database-direct-url }
{{- end }}
- { name: ERASURE_LEDGER_FILE, value: /etc/countersign/ledger-url }
- { name: KEYS_FILE, value: /etc/countersign/keys.json }
{{- if .Values.secretKeys.redis }}
- { name: REDIS_URL_FILE, value: /etc/countersign/redis-url }
{{- end }}
{{- if .Values.secretKeys.chains }}
- { name: CHAINS_FILE, value: /etc/countersign/chains.json }
{{- end }}
- { name: PUBLIC_URL, value: {{ .Values.publicUrl | quote }} }
{{- range $name, $value := .Values.env }}
- { name: {{ $name }}, value: {{ $value | toString | quote }} }
{{- end }}
{{- end }}

{{- define "countersign.secret" -}}
- name: secret
  secret:
    secretName: {{ .Values.secret }}
    defaultMode: 0440
    items:
      - { key: database-url, path: database-url }
      - { key: ledger-url, path: ledger-url }
      - { key: keys.json, path: keys.json }
      {{- if .Values.secretKeys.databaseDirect }}
      - { key: database-direct-url, path: database-direct-url }
      {{- end }}
      {{- if .Values.secretKeys.redis }}
      - { key: redis-url, path: redis-url }
      {{- end }}
      {{- if .Values.secretKeys.chains }}
      - { key: chains.json, path: chains.json }
      {{- end }}
{{- end }}
