export { DeveloperKeys } from './developer-keys';
export { PlaygroundModule } from './playground.module';
export { PlaygroundSettings } from './playground.settings';
