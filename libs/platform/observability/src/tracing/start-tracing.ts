import { OpenTelemetryTracing } from './open-telemetry-tracing';
import { noTracing, type Tracing } from './tracing';

const ENDPOINT = 'OTEL_EXPORTER_OTLP_ENDPOINT';

/**
 * Traces over OTLP/HTTP if `OTEL_EXPORTER_OTLP_ENDPOINT` is set. Without it, neither the OpenTelemetry SDK
 * nor its exporter is loaded.
 * @param environment that of the process: the SDK reads its other variables (`OTEL_SERVICE_NAME`,
 * `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_TRACES_SAMPLER`, `OTEL_EXPORTER_OTLP_HEADERS`, ...) there by itself
 * @throws Error when the endpoint is no URL: the SDK would silently use its default
 */
export async function startTracing(environment: NodeJS.ProcessEnv): Promise<Tracing> {
  const endpoint = environment[ENDPOINT];
  if (!endpoint || environment['OTEL_SDK_DISABLED'] === 'true') return noTracing;
  if (!/^https?:\/\/./.test(endpoint) || !URL.canParse(endpoint))
    throw new Error(`${ENDPOINT} must be an http:// or https:// URL.`);

  const [sdk, { OTLPTraceExporter }, resources] = await Promise.all([
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const resource = resources
    .defaultResource()
    .merge(resources.resourceFromAttributes({ 'service.name': 'countersign' }))
    .merge(resources.detectResources({ detectors: [resources.envDetector] }));
  const spanProcessors = [new sdk.BatchSpanProcessor(new OTLPTraceExporter())];
  return new OpenTelemetryTracing(new sdk.NodeTracerProvider({ resource, spanProcessors }));
}
