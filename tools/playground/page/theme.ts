/** Takes the colours that the launch names, as telegram-web-app.js does. */
export function useThemeOfLaunch(): void {
  const given = new URLSearchParams(location.hash.slice(1)).get('tgWebAppThemeParams');
  if (given === null) return;
  const colours = JSON.parse(given) as Readonly<Record<string, string>>;
  const { style } = document.documentElement;
  for (const [name, colour] of Object.entries(colours))
    style.setProperty(`--tg-theme-${name.replaceAll('_', '-')}`, colour);
}
