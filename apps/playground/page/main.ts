import { peopleSection } from './sections/people';
import { tokensSection } from './sections/tokens';
import { useThemeOfLaunch } from './theme';

useThemeOfLaunch();
peopleSection();
tokensSection();
