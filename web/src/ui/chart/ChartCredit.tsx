/** The link that the licence of the drawing library asks for, and in which zone the times are. */
export function ChartCredit() {
  return (
    <>
      <span>Times in UTC</span>
      <a className="push" href="https://www.tradingview.com/" target="_blank" rel="noreferrer">
        Charts by TradingView Lightweight Charts™
      </a>
    </>
  );
}
