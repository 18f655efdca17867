/** Every component in every state: `components.html?theme=dark`. Development only. */
import '../style/base.css';
import { mount } from 'svelte';
import Components from './Components.svelte';

const theme = new URLSearchParams(location.search).get('theme');
if (theme !== null) {
  document.documentElement.dataset.theme = theme;
}
const target = document.getElementById('app');
if (target !== null) {
  mount(Components, { target });
}
