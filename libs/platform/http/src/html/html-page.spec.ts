import { htmlPage, nameInPage } from './html-page';

describe('a name in a page', () => {
  it('is text, isolated, and changes no direction', () => {
    expect(nameInPage('Ada\u202e <b>\u2067')).toBe('<bdi>Ada &lt;b></bdi>');
    expect(nameInPage('می\u200cخواهم')).toBe('<bdi>می\u200cخواهم</bdi>');
  });

  it('is in the title of the page as text', () => {
    const page = htmlPage(`Continue to ${nameInPage('A & B')}?`, '', { style: '/style.css' });

    expect(page).toContain('<title>Continue to A &amp; B?</title>');
    expect(page).toContain('<h1>Continue to <bdi>A &amp; B</bdi>?</h1>');
  });
});
