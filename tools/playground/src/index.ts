export { PlaygroundModule } from './playground.module';
export { PlaygroundSettings } from './playground.settings';
