mergeInto(LibraryManager.library, {
  // As readInitData() of @countersign/client: outside Telegram, a link could bring the init data of its sender.
  CountersignInitData: function () {
    var isInTelegram =
      window.TelegramWebviewProxy || (window.external && window.external.notify) || window.parent !== window;
    var webApp = window.Telegram && window.Telegram.WebApp;
    var mayRead = isInTelegram || window.location.protocol !== 'https:';
    var text = (mayRead && webApp && webApp.initData) || '';
    var size = lengthBytesUTF8(text) + 1;
    // IL2CPP frees the memory of a string that is returned.
    var buffer = _malloc(size);
    stringToUTF8(text, buffer, size);
    return buffer;
  },
});
