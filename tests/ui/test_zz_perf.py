from __future__ import annotations
import time, random
import pytest
from tests.ui.conftest import *
from tests.ui.windows import PREPARED, make_windows
from tests.ui.test_windows import _cut
from desk_phone.ui.phonebook_page import PhonebookPage
from desk_phone.telco.service import Entry
from PySide6.QtCore import QTimer
def test_perf(desk, qapp):
    import gc; gc.collect(); gc.disable()
    random.seed(1)
    F="Anneli Jaan Kristiina Mari Ülle Sergei Toomas Priit Õie Jüri Anna Liis Peeter".split()
    L="Saar Tamm Õunapuu Kask Zukova Ivanov Sepp Mägi Kukk Rebane Kuusk".split()
    desk.contacts.unlock()
    for i in range(10000):
        desk.telco.entries_[str(i+1)]=Entry(str(i+1),f"{random.choice(F)} {random.choice(L)}{random.choice(F).lower()} {i}",f"+3725{1000000+i*7}", f"+372640{i%10000:04}" if i%2 else "")
    t=time.perf_counter(); desk.contacts.sync(); desk.qtbot.waitUntil(lambda: not desk.contacts.state.busy, timeout=60000); print("first sync",time.perf_counter()-t)
    page=PhonebookPage(desk.contacts,desk.dialler,desk.now); desk.qtbot.addWidget(page); page.resize(704,600)
    gaps=[]; last=[time.perf_counter()]
    def tick():
        n=time.perf_counter(); gaps.append(n-last[0]); last[0]=n
    tm=QTimer(interval=0); tm.timeout.connect(tick); tm.start()
    t=time.perf_counter(); page.show(); 
    desk.qtbot.waitUntil(lambda: page.entries.model.count==10000, timeout=20000); print("shown after",time.perf_counter()-t,"max gap",max(gaps), sorted(gaps)[-5:])
    gaps.clear()
    desk.qtbot.waitUntil(lambda: not page.entries.reader.busy, timeout=20000); print("indexed after",time.perf_counter()-t,"max gap",max(gaps),sorted(gaps)[-8:])
    tm.stop()
    f=page.head.search; times=[]
    for word in ("õunapuu","sergei iv","5123","bdfyjd","a","zhukova","ül","640 12"):
        f.clear()
        for ch in word:
            t=time.perf_counter(); f.insert(ch); page.entries.table.viewport().repaint(); times.append((time.perf_counter()-t,ch,word))
    ts=sorted(times,reverse=True); print("search painted max",ts[:6],"median",ts[len(ts)//2][0])
    f.clear()
    t=time.perf_counter(); i=desk.contacts.add("Žanna","6401111"); print("add",time.perf_counter()-t)
    t=time.perf_counter(); page.entries.table.choose(i); page.entries.table.viewport().repaint(); print("choose",time.perf_counter()-t)
    t=time.perf_counter(); c=desk.contacts.book.contact(i); desk.contacts.save(i,c.effective,"Žanna B","6401111"); print("save",time.perf_counter()-t)
    t=time.perf_counter(); page.entries.table.verticalScrollBar().setValue(180000); page.entries.table.viewport().repaint(); print("scroll",time.perf_counter()-t)
    t=time.perf_counter(); page.entries.table.sortByColumn(0,Qt.SortOrder.DescendingOrder) ; page.entries.table.viewport().repaint(); print("sort",time.perf_counter()-t)
from PySide6.QtCore import Qt
@pytest.mark.parametrize("name",[n for n in PREPARED if n.startswith("phonebook")])
def test_small(desk, qapp, name):
    w=make_windows(desk)
    win=PREPARED[name](w)
    win.resize(880,480)
    for _ in range(6): qapp.processEvents()
    win.grab().save(f"/tmp/pbui/small_{name.replace(' ','_')}.png")
    w.hide()
    assert _cut(win)==[]
def test_gc():
    import gc
    gc.disable()
